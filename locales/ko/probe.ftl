# 점검이 말하는 것: 잰 값의 뜻, 보지 못한 까닭, 곁들여 알릴 것

# 명령
probe-shell-not-run = 명령을 실행할 수 없습니다 (종료 코드 { $status }). 호스트에 명령이 없거나 실행 권한이 없습니다
probe-shell-signal = 명령이 { $signal } 시그널로 끝났습니다
probe-shell-no-end = 명령이 끝나기 전에 연결이 끊겼습니다
probe-shell-no-number = 출력에 숫자가 없습니다
probe-output-dropped = 출력이 길어 뒷부분({ $size })은 버렸습니다
probe-host-too-late = 호스트가 { $after } 안에 응답하지 않았습니다

# HTTP: 사이트가 응답하지 않은 경우
probe-http-refused = 연결을 거부했습니다 ({ $address })
probe-http-no-connection = { $after } 안에 연결되지 않았습니다
probe-http-no-handshake = { $after } 안에 TLS 연결이 이루어지지 않았습니다
probe-http-silent = { $after } 안에 응답이 없었습니다
probe-http-body-late = { $after } 안에 본문이 다 오지 않았습니다
probe-http-reset = 연결이 도중에 끊겼습니다 (connection reset)
probe-http-closed = 응답 없이 연결을 닫았습니다
probe-http-cut-off = 본문이 다 오기 전에 연결이 닫혔습니다
probe-http-not-http = HTTP 응답이 아닙니다: { $cause }
probe-http-failed = 요청에 실패했습니다: { $cause }
probe-http-tls = TLS 연결에 실패했습니다: { $cause }
probe-http-cert-expired = 인증서가 만료되었습니다
probe-http-cert-expired-since = 인증서가 { $ago } 전에 만료되었습니다
probe-http-cert-not-yet = 인증서의 유효 기간이 아직 시작되지 않았습니다
probe-http-cert-not-yet-for = 인증서의 유효 기간이 { $left } 뒤에 시작됩니다
probe-http-cert-other = 다른 이름의 인증서입니다
probe-http-cert-other-name = 인증서의 이름이 다릅니다 (주소: { $name }, 인증서: { $names })
probe-http-cert-unknown-issuer = 신뢰할 수 없는 기관이 발급한 인증서입니다. 중간 인증서가 빠졌을 수도 있습니다
probe-http-cert-self-signed = 신뢰할 수 없는 인증서입니다. 사이트가 스스로 서명한 인증서(self-signed)로 보입니다
probe-http-cert-revoked = 폐기된 인증서입니다
probe-http-cert-bad = 잘못된 인증서입니다: { $cause }

# HTTP: 봇이 보지 못한 경우
probe-http-bad-url = 요청할 수 없는 URL입니다: { $cause }
probe-http-no-address = 봇에서 { $name } 주소를 찾지 못했습니다: { $cause }
probe-http-no-way = 봇에서 { $address } 주소로 나갈 수 없습니다: { $cause }
probe-http-ca-unreadable = CA 파일 { $path }: { $cause }
probe-http-ca-empty = CA 파일 { $path }: 인증서가 없습니다

# HTTP: 응답
probe-http-status = { $status } { $phrase }
probe-http-redirect = { $status } → { $location }
probe-http-bounded = 본문이 길어 처음 { $size }만 읽었습니다
probe-http-broken = 응답이 도중에 끊겼습니다: { $reason }

# Docker
probe-docker-too-late = Docker 엔진이 { $after } 안에 응답하지 않았습니다

# 컨테이너
probe-container-missing = 컨테이너가 없습니다 (서비스 { $service }, 프로젝트 { $project })
probe-container-exited = { $name }: { $ago } 전에 종료됨 (종료 코드 { $code })
probe-container-oom = { $name }: { $ago } 전에 메모리 부족으로 강제 종료됨 (OOM, 종료 코드 { $code })
probe-container-restarting = { $name }: 재시작 반복 중 (재시작 { $restarts }회, 종료 코드 { $code })
probe-container-paused = { $name }: 일시 정지됨 (paused)
probe-container-created = { $name }: 만들어졌지만 시작된 적이 없습니다
probe-container-state = { $name }: { $state } 상태입니다
probe-container-unhealthy = { $name }: 헬스 체크 { $failures }회 연속 실패
probe-container-unhealthy-saying = { $name }: 헬스 체크 { $failures }회 연속 실패 ({ $said })
probe-container-no-health = { $name }: 헬스 체크가 설정되어 있지 않습니다
probe-container-oom-inside = { $name }: 시작된 뒤 컨테이너 안의 프로세스가 메모리 부족으로 강제 종료된 적이 있습니다

# 로그
probe-log-repeated = { $count }회: { $pattern }
probe-log-begins-later = 로그가 { $ago } 전부터 남아 있습니다 (요청한 범위: 최근 { $asked })
probe-log-rotated = 오래된 로그는 이미 지워져 { $ago } 전부터만 남아 있습니다 (요청한 범위: 최근 { $asked }). 컨테이너의 max-size나 max-file을 늘려 주세요
probe-log-empty = 로그가 비어 있습니다
probe-log-newest = 로그가 길어 최근 { $lines }줄만 읽었습니다 ({ $ago } 전부터)
probe-log-too-much = 로그가 너무 길어 다 읽지 못했습니다. { $ago } 전 이후는 보지 못했습니다
probe-log-too-late = 시간이 모자라 로그를 다 읽지 못했습니다. { $ago } 전 이후는 보지 못했습니다
probe-log-broken = 로그를 읽는 도중에 끊겼습니다. { $ago } 전 이후는 보지 못했습니다: { $reason }
probe-log-long-lines = { $size }보다 긴 줄은 앞부분만 보았습니다 ({ $count }줄)
probe-log-many-patterns = 에러 종류가 많아 드문 것은 세지 않았습니다 ({ $count }종)

# CPU
probe-cpu-unreadable = /proc/stat 내용을 읽지 못했습니다
probe-cpu-too-close = 두 번 읽은 간격이 너무 짧아 CPU 사용률을 계산할 수 없습니다
probe-cpu-credits = CPU 크레딧은 CloudWatch에서만 볼 수 있습니다
probe-cpu-no-counters = CPU 사용량 통계가 없습니다
probe-cpu-no-container = { $name }: { $reason }
probe-cpu-no-containers = 실행 중인 컨테이너가 없습니다

# 메모리
probe-memory-used = { $share } ({ $used } / { $total })
probe-memory-swap = { $share } ({ $used } / { $total })
probe-memory-no-swap = 스왑 없음
probe-memory-unreadable = /proc/meminfo 내용을 읽지 못했습니다
probe-memory-no-available = 커널이 MemAvailable 값을 제공하지 않습니다
probe-memory-no-oom-kills = 커널이 OOM 종료 횟수를 제공하지 않습니다

# 디스크
probe-disk-used = { $mount } { $share } ({ $used } / { $total })
probe-disk-left-out = { $path }: 디스크가 아니어서 제외했습니다 ({ $kind })
probe-disk-none-left = 점검할 디스크가 없습니다. 지정한 경로가 모두 디스크가 아닙니다
probe-disk-no-paths = 점검할 경로가 지정되지 않았습니다 (disks)
probe-disk-unreadable = { $path }: { $said }
probe-disk-no-inodes = inode 수를 세지 않는 파일 시스템입니다
probe-disk-folder-grew = { $folder } { $size }: { $since }부터 { $by } 늘었습니다
probe-disk-folder-steady = { $folder } { $size }: { $since } 이후 거의 그대로입니다
probe-disk-folder-first = { $folder } { $size }: 비교할 이전 기록이 없습니다
probe-disk-folder-unread = { $folder }: 크기를 확인하지 못했습니다 ({ $said })
probe-disk-folders-unread = 폴더 크기를 확인하지 못했습니다: { $why }

# 사람이 확인할 것
probe-manual = { $ask }
