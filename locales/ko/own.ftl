# 설정 다시 읽기
command-reload-name = 설정적용
command-reload = 설정 파일을 다시 읽습니다. 틀린 곳이 있으면 지금 설정을 그대로 씁니다
reload-reading = 설정 파일을 읽고 있습니다.
reload-going-on = 이미 다른 설정으로 바꾸는 중입니다. 잠시 뒤에 다시 해 주세요.
reload-taken = 새 설정을 적용합니다
reload-after-runs = 진행 중인 점검이 끝난 뒤에 바뀝니다. 조치는 그대로 이어집니다
reload-same = 바뀐 파일이 없어 그대로 둡니다.
reload-file = { $name } { $change ->
    [new] 추가
    [gone] 삭제
   *[changed] 변경
}
reload-wrong = 새 설정에 문제가 { $count }건 있어 적용하지 않았습니다
reload-more = … 나머지는 첨부 파일에 있습니다.
reload-old-stays = 지금 설정을 그대로 씁니다
reload-unfit = 새 설정으로는 일할 수 없어 적용하지 않았습니다: { $why }
refused-reload-hint = bot.toml의 [may_run]에 reload = ["역할"]을 적으면 그 역할이 쓸 수 있습니다

# 언어
command-language-name = 언어
command-language = 나에게만 보이는 답과 입력 창의 언어를 고릅니다
option-language = 어떤 언어로 답할지
language-name = 한국어
language-follow = Discord 언어를 따름
language-chosen = 이제 한국어로 답합니다. 채널에 게시하는 메시지는 팀의 언어 그대로입니다.
language-follows = 이제 Discord에서 고른 언어로 답합니다. 채널에 게시하는 메시지는 팀의 언어 그대로입니다.

# 봇을 지켜보는 것
silent-since = { $from }부터 { $to }까지 봇이 멈춰 있었거나 Discord에 연결하지 못해, 그동안 아무것도 알리지 못했습니다.
log-more = 지난 한 시간 동안 { $most }건을 넘게 알렸습니다. 나머지는 봇의 로그에 있습니다.
log-alert-refused = { $host } 경보를 게시하지 못했습니다. Discord가 거부했습니다: { $cause }
log-finding-refused = 긴급한 발견 이슈를 { $who } 님에게 알리지 못했습니다: { $finding } { $title }. Discord가 거부했습니다: { $cause }
log-waiver-refused = 유예가 끝난다는 것을 { $who } 님에게 알리지 못했습니다: { $title }. Discord가 거부했습니다: { $cause }
