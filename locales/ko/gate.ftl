# commands/의 조치 명령 파일
action-unknown-risk = 알 수 없는 위험도입니다: { $name }
action-known = 쓸 수 있는 값: { $names }
action-no-roles = 역할이 하나도 없습니다: { $key }
action-roles-hint = bot.toml의 [roles]에 적은 이름을 하나 이상 적습니다
action-expires = 요청의 수명(expires)은 1 min에서 24 h 사이여야 합니다
action-parameters = 고를 것([[parameter]])은 { $most }개까지입니다
action-parameter-twice = 같은 id의 고를 것이 이미 있습니다: { $id }
action-bad-parameter = 고를 것의 id는 소문자, 숫자, _ 로 32자까지이고 host와 reason은 쓸 수 없습니다: { $id }
action-no-choices = choices와 from 중 하나를 적습니다
action-bad-choice = 고를 수 있는 값이 아닙니다: { $choice }
action-choices = 고를 수 있는 값은 { $most }개까지입니다
action-unknown-inventory = 서버에서 찾을 수 없는 종류입니다: { $name }
action-unknown-parameter = 그런 고를 것이 없습니다: { $id }

# 고른 값
argument-missing = { $parameter } 값을 골라 주세요.
argument-unknown = 이 명령에는 그런 값이 없습니다: { $parameter }
argument-no-name = { $parameter } 값으로 쓸 수 없습니다: { $value }
argument-no-name-hint = 이름에는 영문자, 숫자, . _ - : / @ + 만 쓸 수 있습니다
argument-not-offered = { $parameter } 값이 목록에 없습니다: { $value }
argument-none-offered = 지금은 고를 수 있는 값이 없습니다
argument-offered = 지금 고를 수 있는 값: { $names }

# bot.toml의 [gate]
config-gate-approvals = 승인자 수는 { $least }에서 { $most } 사이여야 합니다
config-gate-approvals-hint = 승인 없이 실행할 조치라면 조치 명령 파일에서 risk = "low"로 적습니다
config-gate-wait = 대기 시간은 30 s에서 1 h 사이여야 합니다: { $text }

# 다른 파일을 가리킬 때
commands-unknown-action = 그런 조치 명령이 없습니다: { $name }
action-unknown-check = { $checklist }에 그런 점검 항목이 없습니다: { $name }
action-unknown-role = { $action }: bot.toml의 [roles]에 없는 역할입니다: { $name }
