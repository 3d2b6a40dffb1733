# AWS에 물어본 것이 말하는 것

aws-not-configured = bot.toml에 [aws] 설정이 없습니다
aws-not-configured-hint = bot.toml에 [aws] region과 키를 적고, 호스트에 instance, security_group, admin_cidr를 적습니다
aws-host-without = bot.toml의 호스트 설정에 { $key } 값이 없습니다
aws-too-late = AWS가 { $after } 안에 응답하지 않았습니다
aws-no-keys = AWS 키를 읽을 수 없습니다: { $why }
aws-no-keys-hint = bot.toml의 [aws]에 key_id와 secret_key를 두거나, 환경변수 AWS_ACCESS_KEY_ID와 AWS_SECRET_ACCESS_KEY를 설정합니다
aws-denied = AWS 권한이 없습니다: { $action }
aws-denied-hint = 이 키의 IAM 정책에 { $action } 권한을 추가합니다
aws-wrong-keys = AWS가 키를 받아들이지 않습니다: { $code }
aws-wrong-keys-hint = 키가 맞는지, 만료되지 않았는지, 봇 서버의 시계가 맞는지 확인합니다
aws-throttled = AWS가 요청이 너무 많다고 답했습니다. 잠시 뒤 다시 점검합니다
aws-unreachable = AWS에 연결할 수 없습니다: { $cause }
aws-refused = AWS가 거절했습니다: { $code } { $says }
aws-garbled = AWS의 응답을 이해할 수 없습니다: { $cause }

probe-cpu-no-credits = CloudWatch에 이 인스턴스의 CPU 크레딧 기록이 없습니다

probe-s3-none = s3://{ $bucket }/{ $prefix }에 백업이 없습니다
probe-s3-missing = S3에 없는 날 { $count }일: { $names }
probe-s3-differs = 서버의 파일과 크기가 다른 S3 백업 { $count }개: { $names }
probe-s3-stale = S3에서 지워졌어야 할 백업 { $count }개: { $names }
probe-s3-newest = { $age } 전에 올라감 (모두 { $count }개)

probe-group-no-admin = bot.toml에 admin_cidr가 없어 22번 포트의 허용 주소를 판단할 수 없습니다. 보안 그룹 규칙을 직접 확인합니다
probe-group-ssh = 22번 포트가 모든 주소에 열려 있습니다: { $rules }
probe-group-open = 필요 없이 열린 규칙 { $count }개: { $rules }

probe-drift-no-baseline = 승인된 기준선이 없습니다. 지금 규칙이 맞으면 /기준선승인 으로 승인을 요청해 주세요
probe-drift-garbled = 저장된 기준선을 읽을 수 없습니다: { $cause }
probe-drift-same = 기준선과 같습니다 (규칙 { $count }개, { $day } { $by } 승인)
probe-drift-changes = 기준선({ $day } { $by } 승인)과 다른 규칙 { $count }개: { $rules }

probe-cost-none = { $month } 비용 자료가 없습니다
probe-cost-total = { $month } 비용 { $total }
probe-cost-total-before = { $month } 비용 { $total } (전달 { $before })
probe-cost-rising = 지난달보다 크게 늘어난 서비스: { $services }
probe-cost-no-before = 비교할 지난달 비용 자료가 없습니다
probe-cost-kept = 오늘 이미 조회한 비용 자료입니다(조회할 때마다 비용이 듭니다)

probe-alarms-absent = 없는 알람 { $count }개: { $names }
probe-alarms-changed = 임계값이 다른 알람 { $count }개: { $names }
probe-alarms-silent = 울려도 아무에게도 알리지 않는 알람 { $count }개: { $names }
probe-alarms-ringing = 지금 울리는 알람 { $count }개: { $names }

probe-rehearsed-never = 통과한 기록이 없습니다
probe-rehearsed-age = { $age } 전에 통과 ({ $day }, { $by })
probe-rehearsed-failed = { $day }의 마지막 시도는 실패했습니다

config-aws-id = { $prefix }로 시작해야 합니다: { $text }
config-not-a-range = 주소 범위가 아닙니다(예: 203.0.113.0/24): { $text }
commands-unknown-exercise = restore-test 또는 drill이어야 합니다: { $name }
commands-not-a-port = 포트 번호가 아닙니다: { $text }
commands-cost-rise = "1.5 x and $1"처럼 적습니다: { $text }

baseline-approved = 보안 그룹 규칙 { $count }개를 기준선으로 승인했습니다
exercise-recorded = { $kind ->
    [drill] 재해 복구 훈련을 기록했습니다
   *[restore-test] 복원 테스트를 기록했습니다
}
