# 당번, 알림, 기한에 대해 말하는 것

duty-card-title = ⏰ { $title }
duty-card-who = 담당자 { $who }
duty-card-nobody = ⚠️ 담당자가 없습니다. [넘기기]로 담당자를 정해 주세요.
duty-card-due = 기한 { $due }
duty-card-late = ⌛ 늦은 알림입니다. 기한 { $due }
duty-card-moved = { $day } 일정이 휴일이라 옮겨졌습니다.
duty-card-link = [알림 보기]({ $link })
duty-card-overdue = ⌛ 서명 대기 · { $title }
duty-card-missed = ⚠️ 알리지 못한 점검
duty-is-done = ✅ 완료되었습니다.

duty-missed = { $title }: { $due } 알림을 제때 게시하지 못해 누락으로 기록했습니다. 담당자 { $who }
duty-missed-many =
    { $title }: { $from } ~ { $due }의 알림 { $count }건을 게시하지 못해 누락으로 기록했습니다.
    { $days }
duty-overdue-person = { $title } 기한이 지났습니다 ({ $due }). 아직 서명되지 않았습니다.
duty-overdue-deputy = { $title } 기한이 지났습니다 ({ $due }). 담당자 { $who }의 서명이 없어 부담당자에게 알립니다.
duty-overdue-role = { $title } 기한이 지났습니다 ({ $due }). 담당자 { $who }도 부담당자도 서명하지 않았습니다. 가능한 분이 확인해 주세요.
duty-snooze-over = { $title } 다시 알림 · 기한 { $due }
duty-snoozed = ⏰ { $at }에 다시 알리겠습니다.
duty-handed = { $title } 담당: { $from } → { $to } (넘긴 사람 { $by })
duty-hand-ask = 누구에게 넘기시겠습니까?
duty-hand-to = 담당자 선택
duty-done-already = 이미 완료되었습니다.
duty-done-by = ✅ { $who } 님이 완료했습니다: { $title }
duty-not-there = { $who } 님은 이 Discord 서버에 없습니다.
duty-not-asked = Discord에서 그 사람을 확인하지 못했습니다. 바뀐 것은 없습니다.
duty-not-asked-hint = 잠시 후 다시 시도해 주세요.
duty-cannot-take = { $who } 님에게는 { $title } 담당 권한이 없습니다.

duty-refused = { $title } 알림({ $due }, 담당자 { $who })을 게시하지 못했습니다. Discord가 거부했습니다: { $cause }
duty-notice-refused = { $title } 알림({ $what })을 게시하지 못했습니다. Discord가 거부했습니다: { $cause }
duty-left = { $who } 님이 Discord 서버를 떠났습니다. { $title } 당번표에서 건너뜁니다. bot.toml을 고쳐 주세요.
duty-nobody = { $day } { $title }: 당번표에 가능한 사람이 없습니다.
duty-role-gone = { $title } 알림을 받을 역할({ $role })이 Discord 서버에 없습니다. 아무도 알림을 받지 못합니다. bot.toml의 [roles]를 고쳐 주세요.
duty-holidays-unknown = { $year }년 공휴일을 모릅니다. 공휴일 파일에 { $year }년을 추가해 주세요. 그때까지 주말만 피합니다.

duty-digest = 🗒️ 서명되지 않은 점검 { $count }건
duty-digest-line = • { $title } · { $due } · { $who }
duty-digest-missed = • { $title } · { $due } · { $who } · 누락
duty-digest-older = 그보다 오래된 것 { $count }건
duty-digest-none = 서명되지 않은 점검이 없습니다.

duty-rota = 당번표
duty-rota-about = 앞으로 4주입니다. /담당지정, /당번교환, /부재로 바꿀 수 있습니다.
duty-rota-now = **지금 { $who }**
duty-rota-next = 다음 기한 { $due }
duty-rota-nobody = 담당자 없음
duty-rota-arranged = { $who } (지정)
duty-rota-steps-in = { $who } ({ $instead } 부재)
duty-no-rota = 당번표가 없는 체크리스트입니다: { $title }
duty-no-rotas = 당번표가 없습니다.
duty-no-rota-hint = bot.toml의 [rota.이름]에 당번표를 적어 주세요.

duty-assigned = 📌 { $title } 담당 지정: { $who }, { $days } (지정한 사람 { $by })
duty-swapped = 🔁 { $title } 당번 교환: { $days } { $one } · { $other_days } { $other } (바꾼 사람 { $by })
duty-swap-self = 자기 자신과는 당번을 바꿀 수 없습니다.
duty-swap-no-turn = 바꿀 차례를 찾지 못했습니다: { $title }, { $who }
duty-swap-hint = /당번표로 차례를 확인하고, day와 for에 날짜를 써 주세요.
duty-away = 🏖️ 부재: { $who }, { $days }. 그동안 다음 당번이 맡습니다. (기록한 사람 { $by })
duty-back = 부재 취소: { $who }, { $days } (취소한 사람 { $by })
duty-not-away = 그 기간에 기록된 부재가 없습니다: { $who }, { $days }
duty-day-unclear = 날짜를 알 수 없습니다: { $typed }
duty-days-wrong = 기간이 올바르지 않습니다: { $from } ~ { $to }
duty-day-hint = 2026-12-24 또는 12/24처럼 써 주세요. 시작일이 종료일보다 앞서야 하고, 1년을 넘을 수 없습니다.

button-hand = 넘기기
button-snooze = 1시간 뒤
button-run-now = 지금 점검
button-done = 완료
button-look-again = 다시 보기

command-rota = 당번표
command-rota-what = 지금 담당자와 앞으로 4주의 당번을 봅니다
command-assign = 담당지정
command-assign-what = 체크리스트의 담당자를 정합니다
command-swap = 당번교환
command-swap-what = 다른 사람과 당번을 바꿉니다
command-away = 부재
command-away-what = 부재 기간을 기록합니다
option-checklist = 체크리스트
option-person = 담당자
option-from = 첫날: 2026-12-24 또는 12/24
option-to = 마지막 날: 2026-12-24 또는 12/24
option-with = 바꿀 사람
option-my-day = 내 차례의 날짜 (없으면 다음 차례)
option-their-day = 상대 차례의 날짜 (없으면 다음 차례)
option-away-person = 부재인 사람 (없으면 본인)
option-back = 부재를 취소합니다
refused-arrange = 당번을 보거나 바꿀 권한이 없습니다.
