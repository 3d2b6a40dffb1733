# 점검 중인 메시지
run-progress = 점검 중입니다 · { $done }/{ $total }
run-shown-already = 이미 점검 중입니다. 결과는 이 채널의 점검 메시지에 곧 표시됩니다.
run-shown-at = 이미 점검 중입니다. 결과는 이 메시지에 표시됩니다: { $link }
run-interrupted = ⚠️ 점검 중단됨(직접 확인 필요) · 봇이 점검 도중 종료되었습니다. 다시 점검해 주세요.
run-was-interrupted = 너무 오래 걸려 중단된 것으로 기록되었습니다
run-not-kept = 이 점검은 기록하지 못했습니다: { $why }
run-has-no-report = { $run } 점검에는 결과가 없습니다. 도중에 중단되었습니다.
run-unknown = { $run } 점검 기록이 없습니다.
run-unknown-hint = 다른 데이터베이스를 쓰던 때의 메시지일 수 있습니다. 새로 점검해 주세요.

# 자세히
details-all-well = 모두 정상입니다. 항목을 고르면 근거를 볼 수 있습니다.
details-choose = 항목을 고르면 실행한 명령과 출력을 볼 수 있습니다.
details-placeholder = 점검 항목 고르기
details-no-such-check = 이 점검에는 그런 항목이 없습니다.

# 버튼
button-details = 자세히
button-again = 다시 점검
button-dead = 더 이상 사용할 수 없는 버튼입니다. 명령을 다시 실행해 주세요.

# 명령
option-host = 점검할 호스트

# 할 수 없는 일
refused-run = /{ $command } 명령을 실행할 권한이 없습니다.
refused-run-hint = 필요한 역할: { $roles }
refused-elsewhere = 이 봇은 정해진 Discord 서버에서만 쓸 수 있습니다.

# Discord에 연결하지 못할 때
discord-ca-file = 인증 기관 파일 { $path }: { $cause }
discord-no-client = Discord에 연결할 수 없습니다: { $cause }
discord-wrong-token = Discord가 봇 토큰을 받아들이지 않았습니다
discord-wrong-token-hint = Discord 개발자 페이지의 Bot 메뉴에서 토큰을 다시 확인해 주세요. 새로 발급하면 이전 토큰은 쓸 수 없습니다
discord-no-answer = Discord가 응답하지 않습니다: { $cause }
discord-no-answer-hint = 네트워크와 https://discordstatus.com 페이지를 확인해 주세요
discord-gateway-moved = 게이트웨이 주소가 바뀌어 연결하지 않았습니다 ({ $expected } → { $found })
discord-gateway-closed = Discord 게이트웨이 연결이 끊겼습니다: { $cause }

run-crashed = 봇 내부 오류로 점검을 마치지 못했습니다.
run-crashed-hint = 다시 점검해 주세요. 되풀이되면 봇의 로그를 확인해 주세요.

# 여러 호스트
matrix-hosts = 호스트 { $count }개
matrix-cut-off = 점검 중단됨(직접 확인 필요)
matrix-rest = 그 밖의 호스트 { $count }개 · { $tally }
matrix-rest-of-rows = 나머지 항목
matrix-well = ✅ 위 호스트 모두 정상인 항목 { $count }개
matrix-in-file = 전체 표는 첨부 파일에 있습니다.
matrix-choose = 호스트를 골라 자세히 보기
option-host-all = 모든 호스트
option-host-tag = { $tag } 호스트 모두
host-unknown-tag = 이 태그가 있는 호스트가 없습니다: { $name }
host-known-tags = bot.toml에 있는 태그: { $names }
host-unchosen = 호스트가 여럿입니다. 어느 호스트인지 골라 주세요.

# Discord에 전하지 못한 까닭
chat-no-answer = 제때 응답이 없습니다
chat-no-connection = 연결할 수 없습니다
chat-channel-gone = 채널이 없어졌습니다
chat-message-gone = 메시지가 없어졌습니다
chat-no-access = 봇이 채널을 볼 수 없습니다
chat-no-right = 봇에게 채널에 쓸 권한이 없습니다
chat-thread-archived = 보관된 스레드입니다
chat-refused = HTTP { $status }, { $says }
chat-failed = 응답을 이해할 수 없습니다 ({ $cause })
