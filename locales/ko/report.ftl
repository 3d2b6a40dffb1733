# 판정
grade-pass = 정상
grade-warn = 주의
grade-fail = 이상
grade-unknown = 확인 불가
grade-skipped = 해당 없음
grade-manual = 직접 확인
grade-waived = 유예

# 판정 사유
reason-of = { $subject }: { $reason }
reason-met = { $measure } { $value } (기준 { $condition })
reason-rose = { $measure } 증가: { $before } → { $value }
reason-changed = { $measure } 변경: { $before } → { $value }
reason-new = { $measure } { $value } (처음 나타남)
reason-above-usual = { $measure } { $value } (평소 { $before }보다 많음)
reason-below-usual = { $measure } { $value } (평소 { $before }보다 적음)
reason-grew = { $measure } { $value } (평소 증가량 { $before }보다 빠르게 증가)
reason-first-look = { $measure }: 비교할 이전 점검이 없습니다
reason-too-few-weeks = { $measure }: 비교할 이력이 부족합니다 ({ $need }주 중 { $have }주)
reason-too-few-days = { $measure }: 비교할 이력이 부족합니다 ({ $need }일 중 { $have }일)
reason-too-few-looks = { $measure }: 비교할 이력이 부족합니다 ({ $need }회 중 { $have }회)
reason-not-measured = { $measure }: 측정하지 못했습니다
reason-nothing-measured = 측정된 값이 없습니다
reason-not-finished = 점검이 끝나지 않았습니다
reason-deadline = { $after } 안에 응답이 없어 중단했습니다
reason-crashed = 점검 도중 봇 내부에서 오류가 났습니다

# 무엇을 재었는가
measure = { $name ->
    [status] 응답 코드
    [body] 응답 본문
    [first_byte] 첫 응답
    [time] 걸린 시간
    [exit] 종료 코드
    [output] 출력
    [number] 값
    [state] 상태
    [health] 헬스 체크
    [restarts] 재시작 횟수
    [exit_code] 종료 코드
    [uptime] 가동
    [critical] Critical/Fatal
    [errors] 에러
    [repeated] 같은 에러 반복
    [lines] 로그 줄 수
    [database] DB 연결 에러
    [host] 전체 CPU
    [container] 컨테이너
    [steal] steal
    [credits] CPU 크레딧
    [used] 사용률
    [available] 사용 가능
    [free] 남은 공간
    [swap] 스왑
    [oom_kills] OOM 종료
    [inodes] inode 사용률
    [left] 인증서 남은 기간
    [chain] 인증서 체인
    [names] 인증서 이름
    [match] 디스크의 인증서와 일치
    [oldest] 가장 오래된 TLS
    [weak_suites] 약한 암호화
    [limit] 요청 제한
    [count] 파일 수
    [total] 전체 크기
    [mode] 권한
    [owner] 소유자
    [size] 크기
    [age] 경과 시간
    [banned] 차단 중
    [next] 다음 실행까지
    [pending] 업데이트
    [security] 보안 업데이트
    [reboot] 재부팅 필요
    [mean] 평균
    [median] 중앙값
    [max] 최대
    [failures] 실패
    [unused] 쓰지 않는 이미지
    [dangling] 이름 없는 이미지
    [reclaimable] 비울 수 있는 공간
    [free_after] 정리 후 남은 공간
    [high] High
    [medium] Medium
    [low] Low
    [pattern] 에러 유형
    [requests] 요청 수
    [per_day] 하루 요청 수
    [share] 요청 비율
    [heavy] 요청이 많은 주소
    [limited] 429 응답 비율
    [failed] 5xx 응답 비율
    [sent] 보낸 양
    [visitors] 주소 수
    [peak] 동시 사용자 최대
    [tries] 로그인 실패
    [found] 비밀로 보이는 값
    [logs] 검사한 로그
    [missing] 백업 없는 날
    [newest] 최신 백업
    [broken] 깨진 백업
    [odd] 크기가 이상한 백업
    [copied] 내용이 같은 백업
    [misdated] 날짜가 다른 백업
    [stale] 지워졌어야 할 백업
    [line] cron 줄
    [daemon] cron 데몬
    [script] 스크립트
    [log] 로그
    [last] 마지막 실행
    [keep] 보관 기간
    [table] 테이블 크기
    [slowest] 가장 느린 쿼리
    [calls] 쿼리 횟수
    [planning] 계획 시간
    [differs] 크기가 다른 백업
    [ssh_anywhere] 모든 주소에 열린 22번 포트
    [open] 필요 없이 열린 규칙
    [rules] 허용 규칙
    [changes] 기준선과 다른 규칙
    [month] 한 달 비용
    [service] 서비스 비용
    [rising] 크게 늘어난 서비스
    [absent] 없는 알람
    [changed] 임계값이 다른 알람
    [silent] 알리지 않는 알람
    [ringing] 울리는 알람
    [took] 걸린 시간
    [full_in] 가득 차기까지
    [folder] 폴더 크기
    [response] 평균 응답
    [cpu_mean] CPU 평균
    [cpu_max] CPU 최대
    [memory_mean] 메모리 평균
    [memory_max] 메모리 최대
    [disk_max] 디스크 최대
    [connections] 연결 수 최대
    [received] 받은 양
    [watched] 감시한 비율
   *[other] { $name }
}

# 시간의 길이: 가장 큰 단위 한두 개
span-part = { $unit ->
    [d] { $number }일
    [h] { $number }시간
    [min] { $number }분
    [s] { $number }초
   *[other] { $number } { $unit }
}

# 보고서
report-heading = { $title } · { $host }
report-tally = { $grade } { $count }
report-took = { $elapsed } 걸림
report-threshold = 기준 { $threshold }
report-remedies = 조치
report-ran = 실행
report-exit = 종료 코드 { $code }
report-signal = 시그널 { $name }
report-http = HTTP { $status }
report-output = 출력
report-reason = 사유
report-section = 구분
report-check = 점검 항목
report-grade = 판정
report-value = 값
report-answered = 응답함
report-notes = 참고
report-threshold-head = 기준

# 지난 점검과 달라진 점
report-during = ⚙️ 점검하는 동안 요청 #{ $id }의 조치({ $title })가 실행 중이었습니다. 일시적인 결과일 수 있습니다
difference-new = 🔺 새 문제 { $count }: { $titles }
difference-worse = ⏫ 악화 { $count }: { $titles }
difference-better = 🔽 나아짐 { $count }: { $titles }
difference-gone = 🟢 해결 { $count }: { $titles }
reason-shared = { $reason } ({ $count }개 항목)

# signoff check --list
list-row = 행
list-probe = 프로브
