# 기간
period-day = { $day }
period-week = { $year }년 { $week }주차 ({ $first } ~ { $last })
period-month = { $year }년 { $month }월

# 서명
sign-taken = { $person } 님이 { $at }에 이미 서명했습니다.
sign-not-signed = 서명되지 않았거나 이미 철회된 서명입니다.

# 유예
waiver-end-not-a-time = “{ $text }”은(는) 날짜와 시각이 아닙니다.
waiver-end-over = { $at }은(는) 이미 지났습니다.
waiver-end-too-far = { $at }은(는) 1년보다 뒤입니다.
waiver-end-hint = 2026-12-01 09:00처럼 적어 주세요. 길어도 1년까지입니다.

# 발견 이슈
finding-is-closed = 이미 닫힌 이슈입니다. 먼저 다시 열어 주세요.
finding-is-open = 아직 열려 있는 이슈입니다.
finding-no-change = 이미 그렇게 되어 있습니다.
