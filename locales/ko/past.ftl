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
