# 추세
trend-heading = { $check } · { $measure } · { $host }
trend-of = **{ $subject }**
trend-now = 지금 **{ $last }** ({ $at })
trend-spread = 최소 { $least } · 평균 { $mean } · 최대 { $most } ({ $at })
trend-beyond = { $grade } · { $since }부터 계속 기준({ $wanted }) 밖입니다
trend-within = 기준({ $wanted }) 안입니다
trend-no-limits = 이 값에는 그릴 수 있는 기준이 없습니다
trend-span = 최근 { $days }일 · { $count }회 측정
trend-span-sampled = 최근 { $days }일 · 표본 { $count }개 (선은 { $step } 평균, 띠는 최소와 최대)
trend-gaps = 측정하지 않은 구간 { $count }개: { $spans }
trend-left-out = 나머지 { $count }개는 그림에서 뺐습니다
trend-alt = { $heading }, 최근 { $days }일 그래프. { $lines }
trend-alt-line = { $subject } 지금 { $last }, 최소 { $least }, 평균 { $mean }, 최대 { $most }.
trend-none = 최근 { $days }일 동안 측정한 값이 없습니다: { $check }
trend-none-hint = /{ $command } 명령을 실행하면 측정합니다. 더 긴 기간을 골라 볼 수도 있습니다.
button-days = { $days }일
trend-named = { $check } · { $measure }
trend-choice = { $check } · { $measure } ({ $checklist })
trend-unknown = 그런 점검 항목이 없거나 여럿입니다: { $what }
trend-unknown-hint = check 칸에 몇 글자를 적고 목록에서 골라 주세요.
command-trend-name = 추세
command-trend = 점검 값이 어떻게 변했는지 그래프로 봅니다
option-check = 볼 점검 항목 (몇 글자를 적으면 목록이 나옵니다)
option-days = 기간 (기본 30일)

# 보관 기간
config-retention-span = 보관 기간 “{ $text }”: { $least } 이상으로 적어 주세요 (예: 396 d)
config-retention-order = runs는 evidence보다 짧을 수 없습니다. 결과가 사라지면 근거도 함께 사라집니다
evidence-let-go = 보관 기간이 지나 출력은 지웠습니다

# 체크리스트 템플릿
sheet-day = 날짜: { $period }
sheet-week = 주차: { $period }
sheet-month = 월: { $period }
sheet-person = 담당자: { $people }
sheet-instead = { $people } ({ $instead } 대신)
sheet-instead-late = { $people } ({ $instead } 대신, 늦게 서명 { $at })
sheet-late = { $people } (늦게 서명, { $at })
sheet-open = { $people } (서명 전)
sheet-open-again = { $people } (다시 서명 필요)
sheet-missed = { $people } (누락)
sheet-to-come = { $people } (예정)
sheet-memo = { $name ->
    [memo] 메모
    [findings] 발견 이슈
    [actions] 조치 사항
    [improvements] 개선 사항
   *[plan] 다음 달 계획
}:
sheet-not-looked = 점검 기록이 없습니다
sheet-no-such-check = { $check }: 그때는 없던 점검 항목입니다
sheet-check = { $check }: { $what }
sheet-and = { $one } → { $other }
sheet-graded = { $grade }, { $reason }
sheet-waived = 유예, { $reason } ({ $until }까지)
sheet-seen-wrong = 직접 확인함, 이상
sheet-seen-not-applicable = 직접 확인함, 해당 없음
sheet-not-seen = 직접 확인 전
sheet-finding = 발견 이슈 { $finding }
sheet-note = “{ $note }”
sheet-tally = { $name } { $count }
sheet-state = { $name ->
    [signed] 서명
    [late] 늦게 서명
    [open] 서명 전
    [open-again] 다시 서명 필요
    [missed] 누락
   *[to-come] 예정
}
template-unmapped = 어느 항목에도 들어 있지 않은 점검이 있습니다: { $checks }. 빠진 점검이 있으면 이상이 있어도 모두 [x]로 보일 수 있습니다
template-empty-item = 항목에 checks가 없습니다
template-unknown-check = 이 체크리스트에 없는 점검입니다: { $id }

# 한눈에 보기와 보고서
record-title = { $period } 점검 기록
record-file = 체크리스트 템플릿은 첨부 파일에 있습니다.
record-left-out = 실행 권한이 없어 빠진 체크리스트: { $titles }
record-nothing = 이 기간에는 기록이 없습니다.
record-well = 모두 [x]인 것 { $count }/{ $of }
record-findings = 발견 이슈
record-not-a-period = 기간이 아닙니다: “{ $written }”
record-period-hint = 2026-11, 2026-W48, 2026-11-26처럼 적어 주세요.
record-not-signed = 서명하는 체크리스트가 아닙니다: { $checklist }
record-not-signed-hint = 명령 파일에 signed = "day" 처럼 적으면 서명하고 기록할 수 있습니다.
history-title = { $list } · { $month }
history-nothing = 이 달에는 기록이 없습니다.
history-signed-with = 서명 ({ $grade } 있음)
history-people = 서명한 사람
history-missed = 누락
history-open = 서명 전
history-late = 늦게 서명
history-bad = 정상이 아니었던 날
sheet-filed = { $finding } [{ $urgency }] { $check }: { $message } ({ $owner }, { $state })
sheet-urgency = { $name ->
    [high] 높음
    [medium] 보통
   *[low] 낮음
}
sheet-finding-open = 열림
sheet-finding-closed = 닫힘: { $done }
template-unsigned = 템플릿이 있으면 signed도 있어야 합니다: day, week, month
command-history-name = 기록
command-history = 한 달의 점검과 서명을 한눈에 봅니다
command-report-name = 보고서
command-report = 한 달의 점검 기록을 팀의 템플릿으로 받습니다
command-help-name = 도움말
command-help = 쓸 수 있는 명령을 봅니다
option-past-checklist = 볼 체크리스트
option-period = 2026-11, 2026-W48, 2026-11-26 (기본: 이번 달)

# 도움말
help-title = 무엇을 할 수 있습니까
help-how = 채널에 명령을 입력하면 됩니다. 버튼은 언제든, 봇이 다시 시작된 뒤에도 눌러도 됩니다.
help-more = 설정은 bot.toml, 체크리스트는 commands/ 폴더에 있습니다
help-look = 서버 상태를 보고 싶을 때
help-sign = 서명하고, 발견한 것을 남길 때
help-turn = 누구 차례인지 알고 싶을 때
help-past = 지난 일을 돌아볼 때
help-act = 조치가 필요할 때
help-other = 그 밖에
