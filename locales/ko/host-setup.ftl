# 호스트 설정과 사이트 암호화 점검이 말하는 것

# sudo
probe-sudo-refused = sudo 권한이 없어 볼 수 없습니다
probe-sudo-hint = sudoers에 한 줄을 추가합니다: { $rule }

# 인증서
probe-certificate-served = { $site } 서비스 중인 인증서 { $until }까지 ({ $left })
probe-certificate-on-disk = { $site } 디스크의 인증서 { $until }까지 ({ $left })
probe-certificate-left = { $left } 남음
probe-certificate-ended = { $ago } 전에 만료
probe-certificate-names = { $site }의 인증서에 적힌 이름: { $names }
probe-certificate-not-reloaded = { $site }: 디스크의 인증서와 다른 인증서를 서비스하고 있습니다. nginx가 새 인증서를 읽지 않았습니다
probe-certificate-no-file = { $folder }에 { $site }의 인증서가 없습니다
probe-certificate-no-folder = { $folder } 폴더를 읽을 수 없습니다: { $cause }

# nginx
probe-nginx-unreadable = nginx 설정을 읽을 수 없습니다: { $cause }
probe-nginx-no-server = nginx 설정에 { $site } 서버가 없습니다

# 설정
probe-settings-failed = 설정을 출력하는 명령이 실패했습니다
probe-settings-missing = 설정에 { $key } 항목이 없습니다

# 파일
probe-files-unreadable = 파일을 볼 수 없습니다: { $cause }
probe-files-many = 파일이 많아 오래된 { $most }개만 하나씩 확인했습니다

# fail2ban
probe-fail2ban-missing = fail2ban이 설치되어 있지 않습니다. 설치: sudo dnf install fail2ban && sudo systemctl enable --now fail2ban
probe-fail2ban-no-jail = fail2ban에 { $jail } jail이 없습니다
probe-fail2ban-down = fail2ban이 실행 중이 아닙니다
probe-fail2ban-unreadable = fail2ban의 응답을 이해할 수 없습니다
probe-fail2ban-banned = 차단 중 { $count }

# 타이머
probe-timer-missing = { $unit } 타이머가 없습니다
probe-timer-next = 다음 실행 { $at } ({ $in } 뒤)
probe-timer-no-next = 다음 실행이 예정되어 있지 않습니다
probe-timer-no-systemd = systemd에 물어볼 수 없습니다

# 업데이트
probe-updates-pending = 업데이트 { $count }개
probe-updates-security = 보안 업데이트 { $count }개
probe-updates-reboot = 재부팅이 필요합니다 ({ $why })
probe-updates-reboot-unknown = 재부팅이 필요한지 확인할 수 없습니다
probe-updates-no-age = 패키지 목록이 언제 것인지 알 수 없습니다
probe-updates-no-manager = 패키지 관리자(dnf, yum, apt)가 없습니다
probe-updates-failed = 패키지 관리자가 실패했습니다 (종료 코드 { $status }): { $cause }
probe-updates-ignored = 연결하지 못한 저장소가 있어 업데이트를 알 수 없습니다: { $repositories }

# 성능
probe-benchmark-late = { $turn }번 요청하는 동안 시간이 다 되었습니다
probe-benchmark-mean = 평균 { $mean } ({ $times }회, 최대 { $max })

# 이미지
probe-images-unused = 쓰지 않는 이미지 { $count }개, { $size }
probe-images-after = 정리 후 { $after } (지금 { $free })
probe-images-shared = 이미지끼리 공유하는 레이어가 있으면 실제로 비워지는 공간은 더 적습니다
probe-images-no-disk = { $path }의 남은 공간을 읽을 수 없습니다

# 취약점
probe-trivy-none = 호스트에 Trivy가 없습니다. 다른 곳에서 확인합니다: trivy image { $image }
probe-trivy-failed = Trivy가 이미지를 검사하지 못했습니다

# 호스트마다 다른 것
config-host-name = 호스트 이름 “{ $name }”: all과 tag: 로 시작하는 이름은 여러 호스트를 뜻하는 말로 쓰입니다
config-host-name-odd = 호스트 이름은 앞뒤 공백과 줄바꿈 없이 1자에서 { $most }자까지로 적어 주세요: “{ $name }”
config-tag = 태그 “{ $tag }”: 글자, 숫자, -, _, . 만 써서 32자까지 적어 주세요
config-host-rule-empty = warn이나 fail이 있어야 합니다. 없애려면 "never"라고 적어 주세요
config-host-rule-measure = { $check } 점검에는 { $measure } 임계값이 없습니다
config-own-schedule-host = 여기에는 host를 적지 않습니다. 이 호스트의 일정입니다
