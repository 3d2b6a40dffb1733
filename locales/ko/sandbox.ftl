# How far the bot may reach.
dial-out-of-reach = { $to }에는 연결하지 않습니다: 이 컴퓨터 안으로만 연결합니다
dial-out-of-reach-hint = 연습 환경이라서 막았습니다. 실제 서버에 연결하려면 bot.toml의 reach = "loopback" 을 지웁니다.
config-unknown-reach = 알 수 없는 reach입니다: { $name }

# signoff sandbox
sandbox-here = 이 컴퓨터
sandbox-ready = 연습 환경이 준비되었습니다. 브라우저에서 엽니다: { $link }
sandbox-terminal = 터미널에서도 됩니다: signoff check daily --config { $file }
sandbox-end = 끝내려면 Ctrl-C를 누릅니다.
sandbox-no-room = 이 컴퓨터에서는 명령을 실제로 실행하지 않습니다({ $why }). 점검이 보내는 명령에는 모델이 대신 답합니다.
sandbox-port-taken = { $port }번 포트를 이미 쓰고 있습니다
sandbox-port-taken-hint = 연습 환경이 이미 실행 중이면 그 링크를 엽니다. 하나 더 열려면 --port 0 을 씁니다.
sandbox-folder-taken = { $path }에서 다른 연습 환경이 실행 중입니다
sandbox-folder-taken-hint = 그쪽을 끝내거나 --data 에 다른 폴더를 지정합니다.
sandbox-no-scene = 그런 장면이 없습니다: { $name }
sandbox-no-scene-hint = 쓸 수 있는 장면: { $names }
sandbox-file = { $path }: { $cause }
sandbox-deployment-hint = bot.toml이 있는 폴더에서 실행하거나 --config 로 지정합니다.
sandbox-not-started = 연습 환경을 시작하지 못했습니다: { $cause }
sandbox-not-confined = 연습 환경의 설정이 이 컴퓨터 밖으로 이어져서 시작하지 않습니다
