# 기간
period-day = { $day }
period-week = { $year }년 { $week }주차 ({ $first } ~ { $last })
period-month = { $year }년 { $month }월

# 보고서 아래의 서명 상태
sign-open = ✍️ 서명 전
sign-signed-by = ✍️ 서명: { $person } · { $at }
sign-signed-other = ✍️ { $run } 점검으로 서명됨: { $person } · { $at }
sign-was-signed = 이전 서명: { $person } · { $run } · { $at }
sign-reopened = ↩️ { $run } 점검 결과가 나빠져 서명이 다시 열렸습니다: { $checks }
sign-withdrawn-by = ↩️ 서명 철회: { $person } · { $at } · 사유: { $reason }
button-sign = 서명
button-signed = 서명 보기

# 서명하는 과정
sign-title = 서명 · { $title }
sign-nothing-open = 모두 정상입니다. 바로 서명할 수 있습니다.
sign-need-attestation = 직접 확인이 필요합니다
sign-need-word = 이슈, 유예, 메모 중 하나가 필요합니다
sign-ask-attestation = 직접 확인한 결과를 골라 주세요.
sign-ask-word = 이슈로 등록하거나, 기한을 정해 유예하거나, 메모를 남겨 주세요.
sign-ask-word-no = 이슈로 등록하거나 메모를 남겨 주세요.
sign-ask-change = 이미 남긴 내용을 바꿀 수 있습니다.
sign-placeholder = 항목 고르기
sign-kept = 입력한 내용은 저장됩니다. 나중에 다른 기기에서도 이어서 할 수 있습니다.
sign-still-open = 아직 { $count }개 항목이 남아 있어 서명하지 않았습니다.
sign-newer = { $old } 뒤에 다시 점검한 결과({ $new })로 옮겼습니다.
sign-done = 서명했습니다.
sign-hash = 결과 해시 { $hash }
sign-hinted = { $what } { $hint }
sign-not-for = 서명하지 않는 체크리스트입니다: { $title }
sign-altered = { $run } 점검 기록이 확인했던 내용과 달라 서명하지 않았습니다. 다시 점검해 주세요.
sign-taken = { $person } 님이 { $at }에 이미 서명했습니다.
sign-not-signed = 서명되지 않았거나 이미 철회된 서명입니다.
sign-slow = 데이터베이스가 바빠 아직 기록하지 못했습니다.
sign-slow-hint = 반쯤 기록되는 일은 없습니다. 잠시 후 다시 눌러 주세요.
button-sign-now = 서명하기
button-link = 처리 중: { $finding }
button-waive = 유예
button-note = 메모 남기기
button-memo = ✏️ { $names }
button-withdraw = 서명 철회
write-note = 이 항목에 남길 메모
write-waiver = 유예 · { $title }
write-waiver-reason = 유예 사유
write-waiver-until = 유예 종료 ({ $zone })
write-memos = 서명 메모
write-withdrawal = 서명 철회
write-withdrawal-reason = 철회 사유
words-blank = 내용이 비어 있어 저장하지 않았습니다.
words-too-long = { $length }자입니다. { $most }자까지 쓸 수 있습니다.
attested-yes = 예
attested-no = 아니요
attested-not-applicable = 해당 없음
memo-memo = 메모
memo-findings = 발견 이슈
memo-actions = 조치 사항
memo-improvements = 개선 사항
memo-plan = 다음 달 계획

# 서명할 수 없는 사람
refused-sign = /{ $command } 점검에 서명할 권한이 없습니다.
refused-sign-hint = 서명할 수 있는 사람: { $who }
refused-sign-nobody = 지금은 당번이 없습니다. bot.toml의 may_sign과 당번표를 확인해 주세요.

# 유예
waiver-runs = 유예: { $reason } ({ $person }, { $until }까지, 측정 판정은 { $grade ->
    [fail] 이상
    [unknown] 확인 불가
   *[other] 주의
})
waiver-ends-title = ⏳ 유예 종료 예정 · { $title }
waiver-ends = { $check }: { $until }에 유예가 끝납니다.
waiver-is-over-title = ⌛ 유예 종료 · { $title }
waiver-is-over = { $check }: { $until }에 유예가 끝났습니다.
waiver-reason = 사유: { $reason } ({ $person })
waiver-ends-do = 그 뒤에는 측정한 판정이 그대로 표시됩니다. 해결했는지 확인하거나 다시 유예해 주세요.
waiver-made = { $check }: { $until }까지 유예합니다.
waiver-made-hint = 다음 점검부터 유예로 표시되고, 끝나기 하루 전에 알려 드립니다.
waiver-ended = { $check }의 유예를 끝냈습니다.
waiver-over = 이미 끝난 유예입니다.
button-waiver-end = 유예 끝내기
write-waiver-end = 유예 끝내기 · { $title }
write-waiver-end-reason = 끝내는 사유
waiver-end-not-a-time = 날짜와 시각이 아닙니다: “{ $text }”
waiver-end-over = 이미 지난 시각입니다: { $at }
waiver-end-too-far = 1년보다 뒤입니다: { $at }
waiver-end-hint = 2026-12-01 09:00처럼 적어 주세요. 길어도 1년까지입니다.

# 파일
commands-unknown-signed = 서명 주기를 알 수 없습니다: { $name }
config-may-sign-unknown = [may_sign]에 적힌 이름이 서명하는 체크리스트가 아닙니다: { $name }
