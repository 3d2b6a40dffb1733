# 표본과 경보가 말하는 것

probe-samples-few = 감시한 기간이 부족합니다 ({ $least } 중 { $have })
probe-samples-none = { $of } 표본이 없습니다
probe-samples-gaps = 감시하지 못한 구간 { $count }개, 모두 { $missed }
probe-disk-full-in = { $mount }: 지금 추세로 { $left } 뒤 가득 참

alert-what = { $vital ->
    [host] 서버 접속 불가
    [site] API 응답 없음
    [response] API 응답 지연
    [cpu] CPU 사용률 높음
    [memory] 메모리 사용률 높음
    [disk] 디스크 { $subject } 사용률 높음
    [connections] 연결 과다
    [received] 받는 데이터 과다
   *[sent] 보내는 데이터 과다
}
alert-open = 🚨 { $what } · { $host }
alert-over = ✅ 회복 · { $what } · { $host }
alert-since = { $time }부터, { $times }회 연속
alert-span = { $from } ~ { $to } ({ $span })
alert-values = { $values } (기준 { $wanted })
alert-do = { $vital ->
    [host] 네트워크와 보안 그룹을 확인하고, 긴급 대응 절차 「서비스 다운」을 엽니다: /긴급
    [site] 긴급 대응 절차 「서비스 다운」을 엽니다: /긴급
    [response] CPU와 DB를 확인합니다: /일일체크
    [cpu] 어느 컨테이너인지 확인하고(/일일체크), 비정상 트래픽이 있는지 접속 주소를 봅니다(/주간체크).
    [memory] 어느 프로세스인지 확인하고(/일일체크), 승인을 받아 컨테이너를 재시작합니다.
    [disk] 긴급 대응 절차 「디스크 풀」을 엽니다: /긴급
   *[other] 접속 주소를 확인합니다: /주간체크
}
alert-muted = 🔕 { $until }까지 알리지 않습니다
button-mute = { $hours }시간 끄기
webhook-failed = 웹훅을 쓸 수 없습니다: { $cause }
