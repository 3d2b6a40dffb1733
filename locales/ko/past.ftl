# 추세
trend-heading = { $check } · { $measure } · { $host }
trend-of = **{ $subject }**
trend-now = 지금 **{ $last }** ({ $at })
trend-spread = 최소 { $least } · 평균 { $mean } · 최대 { $most } ({ $at })
trend-beyond = { $grade } · { $since }부터 계속 기준({ $wanted }) 밖입니다
trend-within = 기준({ $wanted }) 안입니다
trend-no-limits = 이 값에는 그릴 수 있는 임계값이 없습니다
trend-span = 최근 { $days }일 · { $count }회 측정
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
form-day = 날짜: { $period }
form-week = 주차: { $period }
form-month = 월: { $period }
form-person = 담당자: { $people }
form-instead = { $people } ({ $instead } 대신)
form-instead-late = { $people } ({ $instead } 대신, 늦게 서명 { $at })
form-late = { $people } (늦게 서명, { $at })
form-open = { $people } (서명 전)
form-open-again = { $people } (다시 서명 필요)
form-missed = { $people } (누락)
form-to-come = { $people } (예정)
form-memo = { $name ->
    [memo] 메모
    [findings] 발견 이슈
    [actions] 조치 사항
    [improvements] 개선 사항
   *[plan] 다음 달 계획
}:
form-not-looked = 점검 기록이 없습니다
form-no-such-check = { $check }: 그때는 없던 점검 항목입니다
form-check = { $check }: { $what }
form-and = { $one } → { $other }
form-graded = { $grade }, { $reason }
form-waived = 유예, { $reason } ({ $until }까지)
form-seen-wrong = 직접 확인함, 이상
form-seen-not-applicable = 직접 확인함, 해당 없음
form-not-seen = 직접 확인 전
form-finding = 발견 이슈 { $finding }
form-note = “{ $note }”
form-tally = { $name } { $count }
form-state = { $name ->
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
