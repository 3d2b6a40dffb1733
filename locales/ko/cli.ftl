# 터미널
validate-ok = 문제가 없습니다: 명령 { $commands }개, 점검 항목 { $checks }개, 호스트 { $hosts }개
files-problems = 문제 { $count }건을 고친 뒤 다시 실행해 주세요.
no-discord = bot.toml에 [discord]가 없습니다. 봇을 실행하려면 guild와 token이 필요합니다.
host-unknown = 그런 호스트가 없습니다: { $name }
host-known = bot.toml에 있는 호스트: { $names }
output-failed = 결과를 출력하지 못했습니다: { $cause }
