# commands/의 조치 명령 파일
action-unknown-risk = 알 수 없는 위험도입니다: { $name }
action-known = 쓸 수 있는 값: { $names }
action-no-roles = 역할이 하나도 없습니다: { $key }
action-roles-hint = bot.toml의 [roles]에 적은 이름을 하나 이상 적습니다
action-expires = 요청의 수명(expires)은 1 min에서 24 h 사이여야 합니다
action-parameters = 고를 것([[parameter]])은 { $most }개까지입니다
action-parameter-twice = 같은 id의 고를 것이 이미 있습니다: { $id }
action-bad-parameter = 고를 것의 id는 소문자, 숫자, _ 로 32자까지이고 host와 reason은 쓸 수 없습니다: { $id }
action-no-choices = choices와 from 중 하나를 적습니다
action-bad-choice = 고를 수 있는 값이 아닙니다: { $choice }
action-choices = 고를 수 있는 값은 { $most }개까지입니다
action-unknown-inventory = 서버에서 찾을 수 없는 종류입니다: { $name }
action-unknown-parameter = 그런 고를 것이 없습니다: { $id }

# 고른 값
argument-missing = { $parameter } 값을 골라 주세요.
argument-unknown = 이 명령에는 그런 값이 없습니다: { $parameter }
argument-no-name = { $parameter } 값으로 쓸 수 없습니다: { $value }
argument-no-name-hint = 이름에는 영문자, 숫자, . _ - : / @ + 만 쓸 수 있습니다
argument-not-offered = { $parameter } 값이 목록에 없습니다: { $value }
argument-none-offered = 지금은 고를 수 있는 값이 없습니다
argument-offered = 지금 고를 수 있는 값: { $names }

# bot.toml의 [gate]
config-gate-approvals = 승인자 수는 { $least }에서 { $most } 사이여야 합니다
config-gate-approvals-hint = 승인 없이 실행할 조치라면 조치 명령 파일에서 risk = "low"로 적습니다
config-gate-wait = 대기 시간은 30 s에서 1 h 사이여야 합니다: { $text }

# 다른 파일을 가리킬 때
commands-unknown-action = 그런 조치 명령이 없습니다: { $name }
action-unknown-check = { $checklist }에 그런 점검 항목이 없습니다: { $name }
action-unknown-role = { $action }: bot.toml의 [roles]에 없는 역할입니다: { $name }

# 요청의 상태
gate-state = { $state ->
    [requested] 승인 대기
    [approved] 승인됨
    [denied] 거절됨
    [expired] 만료됨
    [cancelled] 취소됨
    [superseded] 대체됨
    [void] 무효
    [running] 실행 중
    [verified] 검증됨
    [failed] 실패
   *[interrupted] 중단됨(직접 확인 필요)
}
gate-risk = 위험도 { $risk ->
    [low] 낮음
    [high] 높음
   *[critical] 치명
}

# 요청 메시지
gate-runs = 명령
gate-interrupts = 영향
gate-now = 지금 서버 상태
gate-goes = 삭제되는 것
gate-more = … 외 { $count }개
gate-said = 결정
gate-word = { $word ->
    [approve] 승인
    [confirm] 실행 확인
    [deny] 거절
   *[cancel] 취소
}
gate-asked = { $who } 요청 · { $time }
gate-reason = 사유: { $reason }
gate-confirm = 요청자가 확인하면 실행합니다 · { $until } 만료
gate-approvals = 승인 { $have }/{ $needed } (요청자 본인 제외) · { $until } 만료
gate-alone-waits = 🚨 긴급 단독 실행입니다. { $from } 실행할 수 있습니다. 승인자는 누구나 중지할 수 있습니다 · { $until } 만료
gate-alone-ready = 🚨 긴급 단독 실행입니다. 대기 시간이 끝나 요청자가 실행할 수 있습니다 · { $until } 만료
gate-approved = 승인이 끝났습니다. 실행 전에 서버와 권한을 다시 확인합니다 · { $until } 만료
gate-interrupted = 실행을 시작했지만 어떻게 끝났는지 알 수 없습니다. 서버를 직접 확인해 주세요. 다시 실행하지 않습니다.
gate-begun = { $begun } 시작
gate-took = { $begun } 시작 · { $ended } 종료
gate-step = 단계 { $step }/{ $steps }
gate-result = 결과
gate-proofs = 점검 항목 (실행 전 → 실행 후)
gate-output = 출력
gate-after-failure = 다음에 할 일
gate-looked = 직접 확인한 내용
gate-looked-by = { $who } 확인: { $note }
gate-review = 사후 검토
gate-review-owed = 다른 사람이 검토해야 합니다. 검토할 때까지 일일 체크에 표시됩니다.
gate-review-by = { $who } 검토: { $note }

# 버튼과 입력 창
button-approve = 승인
button-deny = 거절
button-cancel = 요청 취소
button-confirm = 실행
button-confirm-alone = 단독 실행
button-stop = 중지
button-begin = 지금 실행
button-alone = 긴급 단독 실행
button-review = 사후 검토
form-reason = { $title } 요청
form-alone = 긴급 단독 실행 · { $title }
form-why = 사유
form-why-example = 예: API 응답이 5분째 없습니다
form-target = 대상을 그대로 입력해 주세요
form-review = { $id } 사후 검토
form-found = 검토 결과
form-found-example = 예: 로그를 확인했고 필요한 조치였습니다

# 요청한 사람에게
gate-looking = { $host }에서 { $title } 요청을 준비하고 있습니다…
gate-made = 요청을 올렸습니다({ $id }): { $link }
gate-waiting = 같은 요청({ $id })이 이미 기다리고 있습니다. { $link }
gate-no-action = 그런 조치 명령이 없습니다: { $name }
gate-no-draft = 입력 시간이 지났거나 봇이 다시 시작되었습니다. 명령을 다시 실행해 주세요.
gate-no-reason = 사유를 적어 주세요.
gate-wrong-target = 입력한 대상이 다릅니다. 대상: { $target }
gate-ask-again = /{ $command } 명령을 다시 실행해 주세요
gate-ask-anew = 아직 필요하면 명령을 다시 실행해 주세요
gate-not-posted = 요청을 기록했지만({ $id }) 이 채널에 올리지 못했습니다. 봇이 이 채널에 쓸 수 있는지 확인해 주세요.
gate-no-request = 그런 요청이 없습니다: { $id }

# 할 수 없는 까닭
refused-act = /{ $command } 명령을 { $right ->
    [ask] 요청할
    [approve] 승인하거나 거절할
   *[go-alone] 단독으로 실행할
} 권한이 없습니다.
refused-alone-nobody-hint = bot.toml의 [gate.break_glass]에 역할이 없습니다
refused-channel = /{ $command } 명령은 이 채널에서 쓸 수 없습니다.
refused-channel-hint = 쓸 수 있는 채널: { $channels }
refused-channel-nowhere-hint = bot.toml의 [gate.channels]에 이 위험도를 허용하는 채널이 없습니다
gate-own-request = 자신의 요청은 승인하거나 거절할 수 없습니다.
gate-own-request-hint = 다른 승인자에게 부탁하거나, 필요 없으면 요청을 취소해 주세요
gate-not-requester = 요청자만 할 수 있습니다.
gate-said-already = 이미 승인했습니다. 다른 사람의 승인을 기다립니다.
gate-needs-others = 다른 사람의 승인이 필요합니다.
gate-needs-nobody = 승인이 필요 없는 요청입니다.
gate-too-early = 아직 대기 시간입니다. { $time } 실행할 수 있습니다.
gate-not-now = 지금은 할 수 없습니다.
gate-crowded = 여러 사람이 동시에 눌렀습니다. 다시 눌러 주세요.
review-owed = { $name } 님이 혼자 실행했고 아직 아무도 검토하지 않았습니다 ({ $id }, 사유: { $reason })
review-section = 사후 검토
review-remedy = 실행한 사람이 아닌 승인자가 요청 메시지의 [사후 검토]를 누르고 결과를 적습니다.
gate-dead = { $state ->
    [requested] 아직 승인을 기다리는 요청입니다.
    [approved] 이미 승인이 끝난 요청입니다.
    [denied] 거절되어 끝난 요청입니다.
    [expired] 시간이 지나 만료된 요청입니다.
    [cancelled] 요청자가 취소한 요청입니다.
    [superseded] 새 요청으로 대체된 요청입니다.
    [void] 승인 뒤 내용이 바뀌어 무효가 된 요청입니다.
    [running] 이미 실행을 시작했습니다.
    [verified] 이미 실행을 마쳤고 검증되었습니다.
    [failed] 이미 실행했고 실패했습니다. 다시 하려면 새로 요청해 주세요.
   *[interrupted] 실행 도중 중단되었습니다. 서버를 직접 확인해 주세요.
}

# 기다리는 까닭, 무효가 된 까닭
gate-checking = 서버와 권한을 다시 확인하고 있습니다
gate-waits-people = Discord에서 역할을 확인할 수 없어 실행하지 않았습니다. 잠시 뒤 [지금 실행]을 눌러 주세요
gate-waits-host = 이 서버에서 다른 요청({ $id })을 실행하고 있어 기다립니다. 끝나면 [지금 실행]을 눌러 주세요
gate-superseded-by = 새 요청({ $id })으로 대체되었습니다
gate-void-definition = 승인을 기다리는 동안 명령의 정의가 바뀌었습니다. 다시 요청해 주세요
gate-void-runbook = 긴급 대응이 종료되어 무효입니다. 아직 필요하면 다시 요청해 주세요.
gate-void-rule = 승인을 기다리는 동안 승인 규칙이 바뀌었습니다. 다시 요청해 주세요
gate-void-changed = 승인한 대상이 바뀌었습니다: { $what }. 다시 요청해 주세요
gate-void-requester = 요청자 { $name }에게 더 이상 권한이 없습니다
gate-void-approver = 승인자 { $name }에게 더 이상 권한이 없습니다
gate-not-proven = 실행했지만 점검 항목을 확인하지 못했습니다
gate-not-well = 실행했지만 점검 항목이 정상이 아닙니다

# 사후 검토
gate-no-note = 검토 결과를 적어 주세요.
gate-reviewed-already = 이미 검토되었습니다.
gate-own-review = 자신이 단독으로 실행한 것은 다른 사람이 검토해야 합니다.
gate-review-kept = 사후 검토를 기록했습니다({ $id }).

# /can, /why
can-describe = 누가 어떤 조치 명령을 쓸 수 있는지 알려 줍니다
can-user-describe = 누구
can-command-describe = 조치 명령
can-title = { $who } · /{ $command }
can-gone = 이 Discord 서버에 없는 사람입니다
can-yes = { $right ->
    [ask] 요청할 수 있습니다
    [approve] 승인할 수 있습니다 (자신의 요청 제외)
   *[go-alone] 긴급 단독 실행을 할 수 있습니다
}
can-not = { $right ->
    [ask] 요청할 수 없습니다
    [approve] 승인할 수 없습니다
   *[go-alone] 긴급 단독 실행을 할 수 없습니다
} ({ $hint })
can-no = { $what } ({ $hint })
can-channel = 이 채널에서 쓸 수 있습니다
needs-confirmation = 요청자의 확인만 필요합니다
needs-approvals = 요청자가 아닌 { $count }명의 승인이 필요합니다
needs-alone = 긴급 단독 실행입니다. 대기 시간 끝: { $time }
why-describe = 요청이 무엇을 기다리는지 알려 줍니다
why-request-describe = 요청 번호
why-title = { $id } { $title } · { $state ->
    [requested] 승인 대기
    [approved] 승인됨
    [denied] 거절됨
    [expired] 만료됨
    [cancelled] 취소됨
    [superseded] 대체됨
    [void] 무효
    [running] 실행 중
    [verified] 검증됨
    [failed] 실패
   *[interrupted] 중단됨(직접 확인 필요)
}
why-asked = { $who } 요청 · 사유: { $reason }
why-missing = 승인 { $have }/{ $needed }
why-until = 만료: { $time }
why-approved = 승인은 끝났고 아직 시작하지 않았습니다. 요청 메시지의 [지금 실행]을 눌러 주세요
why-you-can = 지금 승인하거나 거절할 수 있습니다
why-you-confirm = 요청 메시지의 [실행]을 누르면 시작합니다

# 감사 기록
audit-describe = 감사 기록
audit-verify-describe = 감사 기록이 바뀌지 않았는지 확인합니다
audit-hash-describe = 보고서에 표시된 기록 사슬 값
audit-title = 감사 기록
audit-whole = 기록 사슬이 온전합니다: { $rows }행, 마지막 값 { $hash }
audit-broken = 기록 사슬이 { $row }행에서 끊겼습니다: { $how ->
    [changed] 내용이 바뀌었습니다
    [unlinked] 앞의 행과 이어지지 않습니다
   *[missing] 행이 없습니다
}
signed-whole = 서명 { $count }건이 모두 서명한 결과 그대로입니다
signed-altered = { $how ->
    [cleared] 감사 기록에 있는 서명이 사라졌습니다: { $person }, { $run } 점검
   *[other] 서명 { $sign_off }번(/{ $command } · { $host } · { $period } · { $person }): { $how ->
        [changed] { $run } 점검 결과가 서명한 뒤 바뀌었습니다
        [missing] 서명한 { $run } 점검 결과가 사라졌습니다
       *[unrecorded] 감사 기록과 다릅니다
    }
}
audit-hash-found = { $hash } 값은 { $row }행에 있습니다
audit-hash-missing = { $hash } 값이 기록에 없습니다. 보고서 뒤에 기록이 바뀌었을 수 있습니다
gate-unreviewed = 사후 검토 대기 { $count }건
audit-head = 감사 기록 { $row }행 { $hash }

# 중단된 조치가 잡고 있는 서버
gate-waits-lock = 중단된 요청({ $id }) 뒤에 서버를 확인한 사람이 없어 실행하지 않았습니다. 서버를 확인하고 그 요청의 [확인했습니다]를 누른 뒤 다시 실행해 주세요
button-release = 확인했습니다
form-release = { $id } 중단 뒤 서버 확인
form-looked = 확인한 내용
form-looked-example = 예: 컨테이너가 모두 정상이고 남은 작업이 없습니다
gate-released = { $host }에서 다시 조치를 실행할 수 있습니다.
gate-released-already = 이미 확인된 서버입니다.
