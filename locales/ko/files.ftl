# 파일을 읽지 못할 때
file-unreadable = { $path } 파일을 읽을 수 없습니다: { $cause }
folder-unreadable = { $path } 폴더를 읽을 수 없습니다: { $cause }
file-not-toml = TOML 문법에 맞지 않습니다: { $cause }
file-not-utf8 = UTF-8로 저장된 파일이 아닙니다. 이 글자부터 읽을 수 없습니다
file-twice = 같은 키가 두 번 있습니다: { $key }
file-unknown-key = 알 수 없는 키입니다: { $key }
file-known-keys = 쓸 수 있는 키: { $names }
file-missing-key = 필요한 키가 없습니다: { $key }
file-wrong-type = { $key } 값의 형식이 다릅니다 (필요: { $expected }, 현재: { $found })
file-type-text = 문자열
file-type-integer = 정수
file-type-flag = 참/거짓 값
file-type-texts = 문자열 목록
file-type-table = 테이블
file-type-tables = 테이블 목록
file-type-float = 소수
file-type-time = 날짜나 시각
file-type-list = 목록
file-did-you-mean = 혹시 { $word }?

# bot.toml
config-unknown-timezone = 알 수 없는 시간대입니다: { $name }
config-unknown-language = ko 또는 en이어야 합니다: { $name }
config-not-an-id = Discord ID(숫자로 된 문자열)가 아닙니다: { $text }
config-not-an-address = IP:포트 형식이 아닙니다: { $text }
config-not-a-site = 이름:포트 형식이 아닙니다(예: api.example.com:443): { $text }
config-discord-needs-ca = connect_to를 쓰려면 신뢰할 인증 기관을 ca_file로 지정해야 합니다
config-secret-form = 비밀 값은 { "{" } env = "이름" { "}" } 또는 { "{" } file = "경로" { "}" } 중 하나로 가리킵니다
config-unknown-role = [roles]에 없는 역할입니다: { $name }
config-no-host = 호스트가 하나도 없습니다
config-unknown-transport = ssh 또는 local이어야 합니다: { $name }
config-max-channels = 채널 수는 1에서 { $most } 사이여야 합니다
config-not-an-ssh-address = 호스트 또는 호스트:포트 형식이 아닙니다: { $text }
config-ssh-address-user = 로그인할 사용자는 address가 아니라 user에 적습니다
config-key-form = 로그인 키는 { "{" } file = "경로" { "}" } 또는 { "{" } agent = true { "}" } 중 하나로 지정합니다
config-host-key-form = host_key와 known_hosts 중 하나를 지정해야 합니다. 서버가 진짜인지 확인하는 데 씁니다
config-act-needs-ssh = [hosts.이름.act]는 transport = "ssh"인 호스트에만 쓸 수 있습니다
config-not-a-fingerprint = SHA256 지문이 아닙니다: { $text }
config-fingerprint-hint = 서버에서 ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub 명령으로 확인한 SHA256:… 값을 적습니다

# 비밀 값
secret-no-variable = 환경변수 { $name } 값이 없습니다
secret-no-file = 비밀 값 파일 { $path }: { $cause }
secret-empty = 비밀 값 파일 { $path }: 비어 있습니다

# commands/
commands-none = 명령 파일(*.toml)이 하나도 없습니다
commands-bad-name = 명령 이름은 소문자, 숫자, 한글, -, _ 로 32자까지입니다: { $name }
commands-unknown-kind = 알 수 없는 종류의 명령입니다: { $name }
commands-sections = 구분([[section]])은 1개에서 { $most }개 사이여야 합니다
commands-twice = 같은 id의 점검 항목이 이미 있습니다: { $id }
commands-too-long = { $length }자입니다. { $most }자까지 쓸 수 있습니다
commands-no-rules = 무엇이 정상인지 정하는 rules가 없습니다
commands-empty-rule = warn과 fail 중 하나는 있어야 합니다
commands-usual-unasked = usual은 "> 1.5 x usual" 같은 조건에서만 쓰입니다. 이 규칙에는 그런 조건이 없습니다
commands-usual-least = least는 1 이상, over를 every로 나눈 값({ $fits }) 이하여야 합니다
commands-shadowed = 주의 조건({ $warn })이 이상 조건({ $fail })에 가려져 한 번도 적용되지 않습니다
commands-unknown-measure = 이 프로브가 재지 않는 값입니다: { $name }
commands-known-measures = 잴 수 있는 값: { $names }
commands-taken-measure = 프로브가 원래 재는 값의 이름이라 패턴 이름으로 쓸 수 없습니다: { $name }
commands-unknown-probe = 알 수 없는 프로브입니다: { $name }
commands-known-probes = 쓸 수 있는 프로브: { $names }
commands-unknown-shared-probe = [probes]에 없는 이름입니다: { $name }
commands-bad-url = http 또는 https 주소가 아닙니다: { $url }
commands-bad-duration = 시간이 아닙니다. 30 min, 250 ms처럼 적습니다: { $text }
commands-cpu-too-short = CPU를 재는 간격은 { $least } 이상이어야 합니다
commands-cpu-too-long = CPU를 재는 간격은 점검 제한 시간({ $deadline })보다 짧아야 합니다
commands-shell-units = number에는 %, B, s, $ 또는 빈 문자열을 적습니다
commands-unknown = 그런 체크리스트가 없습니다: { $name }
commands-known = 쓸 수 있는 체크리스트: { $names }

# 조건
condition-wrong = 조건 「{ $condition }」: { $why }
condition-no-operator = 비교 연산자로 시작하지 않습니다
condition-operators = 쓸 수 있는 연산자: { $list }
condition-unknown-unit = 알 수 없는 단위입니다: { $unit }
condition-units = 쓸 수 있는 단위: { $names }
condition-not-a-number = 숫자가 아닙니다: { $text }
condition-bad-pattern = 정규 표현식이 아닙니다: { $cause }
condition-text-order = 문자열에는 크고 작음이 없습니다: { $text }
condition-empty-range = 범위의 끝이 시작보다 작습니다
condition-no-bound = 비교할 값이 없습니다
condition-mixed-range = 범위의 두 끝은 단위가 같아야 합니다
condition-impossible = 어떤 값이 나와도 결과가 같은 조건입니다
condition-unknown-word = 나올 수 없는 값입니다: { $word }
condition-words = 나올 수 있는 값: { $names }
condition-dimension = { $measure } 값은 { $dimension } 단위로 비교해야 합니다
dimension-text = 문자열
dimension-count = 개수(단위 없음)
dimension-percent = %
dimension-bytes = 용량(MB, GB 등)
dimension-time = 시간(ms, s, d 등)
dimension-dollars = 금액($)

config-sampling-every = 1초 이상의 시간이어야 합니다(예: 1 min): { $text }
config-unknown-vital = 표본으로 재지 않는 값입니다: { $name }
config-known-vitals = 재는 값: { $names }
config-unknown-rota = [rota]에 없는 당번표입니다: { $name }
config-bad-threshold = 조건도 never도 아닙니다(예: { $example }): { $text }
config-may-run-unknown = [may_run]에 적힌 명령이 commands/에 없습니다: { $name }
commands-bad-id = id는 영문 소문자, 숫자, -, _ 로 64자까지입니다: { $id }
commands-empty-text = 내용이 비어 있습니다
commands-relative-path = 경로는 /로 시작해야 합니다: { $path }
commands-no-timer = 타이머 이름은 .timer로 끝나야 합니다: { $unit }
commands-unknown-manager = 알 수 없는 패키지 관리자: { $name } (쓸 수 있는 것: { $known })
commands-benchmark-times = times는 1 이상 { $most } 이하여야 합니다
commands-not-negative = { $key } 값은 0 이상이어야 합니다
commands-backup-days = days는 1 이상 31 이하여야 합니다
commands-backup-sizes = "50..200 %"처럼 적어야 합니다: { $text }
commands-backup-name = 이름에 날짜가 없습니다: { $name }. 예: postgres_%Y%m%d_%H%M%S.sql.gz
commands-bad-time = "03:00"처럼 시각을 적어야 합니다: { $text }
commands-bad-cron = cron 시각은 다섯 칸입니다(예: 0 3 * * *): { $text }
commands-explain-select = query는 SELECT 문 하나여야 합니다
commands-built-in = “{ $name }” 명령은 이미 있습니다. 파일 이름을 바꿔 주세요
