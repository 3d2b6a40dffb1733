# 호스트를 보지 못한 까닭과, 그때 할 일

# 연결
host-unresolved = { $at }: 호스트 이름의 주소를 찾지 못했습니다 ({ $cause })
host-unresolved-hint = bot.toml의 address 값과 봇 서버의 DNS 설정을 확인해 주세요
host-unreachable = { $at }에 연결할 수 없습니다 ({ $cause })
host-unreachable-hint = 서버와 sshd가 켜져 있는지, 보안 그룹과 방화벽이 봇의 접속을 허용하는지 확인해 주세요
host-connect-timed-out = { $at }에 { $after } 안에 연결하지 못했습니다
host-connect-timed-out-hint = 보안 그룹과 방화벽이 봇의 접속을 허용하는지, 서버가 과부하 상태는 아닌지 확인해 주세요
host-handshake-failed = { $at }에서 SSH 연결이 이루어지지 않았습니다 ({ $cause })
host-handshake-failed-hint = 이 포트에서 SSH 서버가 응답하는지, 접속이 몰려 sshd가 거절하지는 않았는지(MaxStartups) 확인해 주세요
host-lost = { $at } 연결이 도중에 끊겼습니다 ({ $cause })
host-lost-hint = 다음 점검 때 다시 연결합니다. 자주 끊기면 서버의 sshd 로그와 네트워크를 확인해 주세요

# 서버가 진짜인지
host-key-changed = { $at }의 호스트 키가 등록된 키와 다르므로 접속하지 않았습니다. 등록된 키: { $expected } ({ $from }), 서버가 보인 키: { $came }
host-key-changed-hint = 서버를 다시 만든 일이 없다면 누군가 접속을 가로채고 있을 수 있습니다. 서버를 다시 만들었다면 서버 콘솔에서 ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub 명령으로 지문을 확인하고, { $came } 지문과 일치할 때만 { $from }에 등록해 주세요
host-key-unknown = { $at }의 호스트 키가 { $file }에 없으므로 접속하지 않았습니다. 서버가 보인 키: { $came }
host-key-unknown-hint = 서버 콘솔에서 ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub 명령으로 지문을 확인하고, 일치하면 bot.toml에 host_key = "{ $came }" 값을 적어 주세요
host-key-revoked = { $at }의 호스트 키는 { $file }에 폐기(@revoked)된 키이므로 접속하지 않았습니다. 서버가 보인 키: { $came }
host-key-revoked-hint = 폐기된 키를 누군가 쓰고 있을 수 있습니다. 서버의 호스트 키를 새로 만들고 등록해 주세요
host-fingerprint-invalid = SHA256 지문이 아닙니다: { $given }
host-fingerprint-invalid-hint = 서버에서 ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub 명령으로 확인한 SHA256:… 값을 적어 주세요
host-known-hosts-unreadable = known_hosts 파일 { $file }: 읽을 수 없습니다 ({ $cause })
host-known-hosts-unreadable-hint = bot.toml의 known_hosts 경로와 파일 권한을 확인하거나, 그 대신 host_key에 지문을 적어 주세요

# 로그인
host-login-key-missing = 로그인 키 파일이 없습니다: { $file }
host-login-key-missing-hint = bot.toml의 key.file 경로를 확인해 주세요
host-login-key-unreadable = 로그인 키 파일 { $file }: 읽을 수 없습니다 ({ $cause })
host-login-key-unreadable-hint = 봇을 실행하는 계정이 이 파일을 읽을 수 있어야 합니다. 소유자와 권한(600)을 확인해 주세요
host-login-key-invalid = 로그인 키 파일 { $file }: 개인 키가 아닙니다 ({ $cause })
host-login-key-invalid-hint = ssh-keygen으로 만든 개인 키여야 합니다. 공개 키(.pub)를 가리키고 있지는 않은지 확인해 주세요
host-passphrase-missing = 로그인 키 { $file }: 암호가 걸려 있으나 passphrase 설정이 없습니다
host-passphrase-missing-hint = bot.toml의 key에 passphrase = { "{" } env = "이름" { "}" } 또는 passphrase = { "{" } file = "경로" { "}" } 설정을 추가해 주세요
host-passphrase-wrong = 로그인 키 { $file }: 암호가 맞지 않습니다
host-passphrase-wrong-hint = ssh-keygen -y -f 명령으로 이 키를 열어 암호를 확인해 주세요
host-passphrase-unread = 로그인 키 { $file }: 암호를 읽을 수 없습니다. { $cause }
host-agent-missing = SSH 에이전트를 찾을 수 없습니다. SSH_AUTH_SOCK 환경변수가 비어 있습니다
host-agent-missing-hint = 봇을 실행하는 계정에서 ssh-agent를 켜고 SSH_AUTH_SOCK 환경변수를 넘겨주거나, bot.toml의 key.file에 키 파일을 지정해 주세요
host-agent-unreachable = SSH 에이전트 { $file }: 응답하지 않습니다 ({ $cause })
host-agent-empty = SSH 에이전트에 키가 없습니다
host-agent-empty-hint = ssh-add 명령으로 에이전트에 키를 추가해 주세요
host-login-refused = { $at }에서 { $user } 로그인을 거부했습니다. 제시한 키: { $keys }
host-login-refused-hint = 사용자 이름이 맞는지, 이 키의 공개 키가 서버의 ~{ $user }/.ssh/authorized_keys에 있는지 확인해 주세요
host-login-incomplete = { $at }에서 { $user } 로그인에 키 외의 인증을 더 요구합니다: { $methods }
host-login-incomplete-hint = 봇은 키로만 로그인합니다. 봇이 쓰는 계정은 sshd의 AuthenticationMethods에서 publickey만 요구하게 해 주세요

# 명령
host-why-no-channel = 채널이 열리지 않았습니다
host-why-silent = 응답이 없습니다
host-why-ended = 명령을 실행하는 중에 연결이 끝났습니다
host-why-shell-ended = 로그인 셸이 명령을 실행하지 않고 끝났습니다
host-why-refused = 명령을 거절했습니다
host-session-refused = { $at }에서 명령을 실행할 수 없습니다 ({ $cause })
host-session-refused-hint = 봇이 쓰는 계정의 로그인 셸과 그 시작 파일(~/.bashrc 등), timeout(coreutils), sshd의 ForceCommand와 MaxSessions 설정을 확인해 주세요
host-sessions-taken = { $at }에 { $after } 동안 빈 SSH 세션이 없었습니다
host-sessions-taken-hint = bot.toml의 max_channels 값을 줄이거나 sshd의 MaxSessions 값을 늘려 주세요
host-timed-out = { $after } 안에 끝나지 않았습니다
host-not-run = 봇 서버에서 명령을 실행하지 못했습니다 ({ $cause })
host-not-run-hint = 봇 서버에 sh와 timeout(coreutils)이 있어야 합니다
host-stopped = 봇이 종료되는 중이라 보지 못했습니다
host-not-approved = { $approved }에 대한 승인입니다. { $host }에서는 실행하지 않습니다
host-already-begun = 이미 시작된 적이 있는 작업이라 다시 시작하지 않습니다: { $job }
host-not-begun = 서버가 작업을 시작하지 못했습니다 ({ $cause })
host-not-begun-hint = 실행 계정이 서버의 /var/tmp에 쓸 수 있어야 합니다

# Docker
host-docker-missing = Docker 소켓이 없습니다: { $socket }
host-docker-down = Docker 소켓 { $socket }: 응답하는 엔진이 없습니다
host-docker-down-hint = 서버에서 systemctl status docker 명령으로 Docker가 실행 중인지 확인해 주세요
host-docker-forbidden = Docker 소켓 { $socket }: { $user } 계정에 권한이 없습니다
host-docker-forbidden-hint = 서버에서 sudo usermod -aG { $group } { $user } 명령으로 그룹에 추가해 주세요. 이 권한은 root 권한과 같습니다
host-docker-no-group-hint = 소켓이 root 그룹의 것입니다. 서버에서 sudo groupadd docker, sudo systemctl restart docker, sudo usermod -aG docker { $user } 명령을 차례로 실행해 주세요. 이 권한은 root 권한과 같습니다
host-docker-not-forwarded = Docker 소켓 { $socket }: SSH 서버가 소켓 전달을 허용하지 않습니다
host-docker-not-forwarded-hint = sshd의 AllowStreamLocalForwarding 설정을 yes로 바꾸고, DisableForwarding이 켜져 있지 않은지 확인해 주세요
host-docker-refused = Docker가 요청을 거부했습니다 ({ $status }): { $says }
host-docker-timed-out = Docker가 { $after } 안에 응답하지 않았습니다
host-docker-broken = Docker의 응답이 끊겼거나 이해할 수 없습니다 ({ $cause })

keys-none = 긴급 대응 절차에서 승인한 호스트 키가 없습니다
keys-approved = { $host } · { $fingerprint } · 절차 #{ $runbook }, { $by }, { $at }
keys-forgotten = { $fingerprint } 키의 승인을 취소했습니다
keys-unknown = { $fingerprint } 키는 그 호스트에서 승인한 적이 없습니다. 목록은 signoff keys 로 확인해 주세요
