# 로그를 여러 날에 걸쳐 볼 때 말하는 것

# 컨테이너 로그
probe-logs-no-docker = Docker에 접근할 권한이 없어 로그를 볼 수 없습니다
probe-logs-garbled = 로그를 다 읽지 못했습니다
probe-logs-begins-later = 로그가 요청한 시점보다 { $late } 늦게 시작합니다 (로테이션으로 지워졌거나 그때 컨테이너가 만들어졌습니다)
probe-logs-empty = 그 기간에는 로그가 없습니다
probe-logs-lost = 종류가 너무 많아 { $count }줄은 나누어 세지 못했습니다
probe-logs-read = { $lines }줄({ $bytes })을 호스트에서 추려 { $sent }만 전송했습니다

# nginx 접속 로그
probe-access-unreadable = nginx 접속 로그를 읽을 수 없습니다
probe-access-no-files = 그 기간의 nginx 접속 로그가 없습니다: { $paths }
probe-access-limited = 429 응답 { $share } ({ $total }건 중 { $count }건)
probe-access-failed = 5xx 응답 { $share } ({ $total }건 중 { $count }건)
probe-access-peak = 5분 동안 서로 다른 주소 최대 { $count }개
probe-access-few = 요청이 { $total }건뿐이라 비율은 판단하지 않습니다 (최소 { $least }건)
probe-access-malformed = 형식이 깨진 줄 { $count }개는 세지 않았습니다
probe-access-others = 주소가 너무 많아 { $count }건은 주소별로 나누지 못했습니다

# SSH 로그인
probe-logins-unreadable = journald를 읽을 수 없습니다
probe-logins-silent = journald에 sshd 기록이 하나도 없습니다. 기록이 지워졌거나 다른 곳에 남고 있습니다
probe-logins-total = 실패한 로그인 { $count }회
probe-logins-from = { $address }에서 { $count }회 실패

# 로그 속의 비밀
probe-secrets-unread = 로그를 다 검사하지 못했습니다
probe-secrets-found = 로그 { $logs }개에서 비밀로 보이는 값 { $count }건
