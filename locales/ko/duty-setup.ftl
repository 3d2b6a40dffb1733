# 설정 파일의 사람, 당번표, 일정, 공휴일에 대해 말하는 것

file-type-integers = 정수 목록
config-person-twice = 같은 Discord ID가 이미 있습니다: { $name }
config-unknown-person = [people]에 없는 이름입니다: { $name }
config-rota-empty = 당번표에는 order가 필요합니다
config-rota-order-hint = order = ["jimin", "hyunwoo + alex"]: 차례대로 쓰고, 두 사람이 한 차례를 함께 맡을 수 있습니다
config-one-of = { $names } 중 하나여야 합니다: { $text }
config-not-a-time = 09:00 같은 시각이 아닙니다: { $text }
config-not-a-date = 2026-11-23 같은 날짜가 아닙니다: { $text }
config-not-a-year = 연도가 아닙니다: { $text }
config-not-a-span = 2 h, 30 min 같은 시간이 아닙니다: { $text }
config-holiday-year = { $text }: { $year }년은 years에 없습니다
config-not-cron = cron 식이 아닙니다: { $text } ({ $cause })
config-cron-often = { $text }: 하루에 한 번만 실행할 수 있습니다. 시와 분을 하나씩 적어 주세요
config-cron-never = { $text }: 해당하는 날이 없습니다
config-cron-hint = 분 시 일 월 요일: "0 9 * * *"는 매일 09:00, "0 10 * * MON"은 월요일 10:00입니다
config-schedule-nobody = { $name } 알림을 받을 사람이 없습니다
config-schedule-nobody-hint = [rota.{ $name }] 또는 role을 적어 주세요
config-schedule-unknown = [{ $section }.{ $name }]: commands/에 없는 명령입니다
config-schedule-unknown-hint = 체크리스트가 아니면 title이 필요합니다
config-discord-clock = clock은 연습 서버의 시계입니다. connect_to가 필요합니다
config-overdue-role = [schedule.{ $name }]: 기한이 지나면 알릴 role이 없습니다
