# signoff import
import-item = 「{ $item }」 → { $probe }: { $rules }
import-item-shipped = 「{ $item }」 → { $probe }: { $rules }. 임계값은 signoff의 기본값이니 확인해 주세요
import-item-elsewhere = 「{ $item }」 → { $probe }: { $rules }. 옆에 답할 명령이 없어 다른 곳의 내용을 가져왔습니다
import-manual = 「{ $item }」 → 직접 확인: 답할 명령이 없습니다
import-command = { $text } → { $probe }: { $rules }. 이 명령을 묻는 항목은 없습니다
import-runbook-look = { $text } → { $probe }: { $rules }. 긴급 대응 절차의 확인 단계입니다
import-used = { $text } → 항목에 답합니다
import-unused = { $text } → 사용 안 함: 결과를 묻는 항목이 없습니다
import-where = { $text } → 명령을 실행할 위치
import-changes = { $text } → 꺼진 조치 명령의 단계: 서버를 바꿉니다({ $what })
import-unknown = { $text } → 꺼진 조치 명령의 단계: 무엇을 하는지 알 수 없습니다({ $what })
import-step = { $text } → 서버를 바꾸는 명령과 함께 있어 꺼진 조치 명령의 단계로 넣었습니다
import-remedy = 조치 → 같은 구분의 점검 항목에 붙습니다
import-remark = 주석 → 사용 안 함: { $text }
import-symptom = 증상 → 긴급 대응 절차의 증상: { $text }
import-text = 글 → 사용 안 함: { $text }
import-link = 링크 → 사용 안 함
import-table = 표({ $rows }행) → 사용 안 함
import-html = HTML → 사용 안 함
import-template = 양식({ $items }개 항목) → 사용 안 함: 이 양식에 맞는 체크리스트가 문서에 없습니다
import-form = 양식({ $items }개 항목) → /{ $command } 서명 양식: 항목마다 어떤 점검 항목이 이어졌는지 확인해 주세요
import-code = 코드 블록({ $language }) → 사용 안 함: 셸 명령이 아닙니다
import-mark-understood = 이해
import-mark-guessed = 추측
import-mark-left = 남김
import-written = { $path }: 점검 항목 { $checks }개
import-written-off = { $path }: 확인하기 전까지 꺼 둡니다(enabled = false)
import-done = 항목 { $items }개를 빠짐없이 옮겼습니다. 그중 { $asked }개는 직접 확인입니다. 추측한 줄을 살펴본 뒤 signoff validate를 실행해 주세요
import-host = 문서에 적힌 서버 정보입니다. bot.toml에 넣어 주세요:
import-exists = { $path } 파일이 이미 있습니다. 아무것도 쓰지 않았습니다.
import-exists-hint = --out으로 다른 폴더를 고르거나, 덮어쓰려면 --force를 붙여 주세요.
import-cannot-write = { $path } 파일을 쓸 수 없습니다: { $cause }
import-cannot-read = { $path } 파일을 읽을 수 없습니다: { $cause }
import-cannot-read-hint = 문서는 UTF-8 텍스트 파일이어야 합니다.
import-too-large = 문서가 { $size }입니다. { $most }까지 읽습니다.
import-too-large-hint = 체크리스트가 있는 장만 따로 파일로 옮겨 주세요.
import-is-html = 문서가 Markdown이 아니라 HTML입니다.
import-is-html-hint = Markdown으로 내보내거나 pandoc -t gfm으로 바꿔 주세요.
import-nothing = 문서에 점검 항목(- [ ] …)도 명령도 없습니다.
import-nothing-hint = 점검할 것은 “- [ ] …”로, 명령은 ```bash로 시작하는 블록에 적어 주세요.
import-open-fence = { $line }행: 코드 블록이 닫히지 않았습니다.
import-swallowed-fence = { $line }행: 코드 블록이 { $next }행의 블록 앞에서 닫히지 않았습니다.
import-fence-hint = ``` 줄로 닫고 다시 실행해 주세요. 그대로 두면 뒤따르는 내용을 명령으로 읽게 됩니다.
import-file-head =
    signoff import가 { $source } 문서로 만들었습니다. 임계값과 제목을 확인해 주세요. 번역하기 전까지 두 언어의 글이
    같습니다. 쓸 수 있는 모든 키: docs/commands.md
import-action-head =
    signoff import가 { $source } 문서로 만들었습니다. 서버를 바꾸거나 무엇을 하는지 알 수 없는 명령입니다. 살펴보고,
    ask와 approve에 bot.toml의 [roles] 이름을 적은 뒤 enabled = false 줄을 지우면 켜집니다.
import-runbook-head =
    signoff import가 { $source } 문서로 만들었습니다. 단계와 증상을 살펴보고, 이 파일이 부르는 조치 명령을 먼저 켠 뒤
    enabled = false 줄을 지우면 /emergency로 열 수 있습니다. open에는 bot.toml의 [roles] 이름을 적습니다.
import-form-head = 문서 { $line }행의 서명 양식입니다. 이어진 점검 항목이 모두 정상일 때만 [x]가 됩니다.
import-step-changes = 서버를 바꾸는 명령: { $what }
import-step-unknown = 무엇을 하는지 알 수 없는 명령: { $what }
import-step-reads = 읽기만 합니다.
import-step-known = 대신하는 명령: { $text }
import-backup-file = 백업 파일
import-interrupts = 아직 적지 않았습니다. 무엇이 얼마 동안 멈추는지 적어 주세요
import-no-symptom = 아직 적지 않았습니다. 무엇을 보고 알아차리는지 적어 주세요
