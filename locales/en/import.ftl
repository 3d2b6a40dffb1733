# signoff import
import-item = “{ $item }” → { $probe }: { $rules }
import-item-shipped = “{ $item }” → { $probe }: { $rules }. The threshold is signoff's own: look it over
import-item-elsewhere = “{ $item }” → { $probe }: { $rules }. No command beside it answers it; this is taken from elsewhere
import-manual = “{ $item }” → asked of a person: no command answers it
import-command = { $text } → { $probe }: { $rules }. No item asks for it
import-runbook-look = { $text } → { $probe }: { $rules }. A step of a runbook looks at it
import-used = { $text } → answers an item
import-unused = { $text } → nothing: no item asks for what it shows
import-where = { $text } → says where commands run
import-changes = { $text } → a step of an action that is off: { $what } changes something
import-unknown = { $text } → a step of an action that is off: nobody knows here what { $what } does
import-step = { $text } → a step of an action that is off, beside others that change something
import-remedy = what to do → stands below the checks of its part
import-remark = comment → nothing: { $text }
import-symptom = symptom → that of a runbook: { $text }
import-text = text → nothing: { $text }
import-link = link → nothing
import-table = table of { $rows ->
        [one] { $rows } row
       *[other] { $rows } rows
    } → nothing
import-html = HTML → nothing
import-template = template of { $items ->
        [one] { $items } item
       *[other] { $items } items
    } → nothing: the document has no checklist that it could be for
import-form = template of { $items ->
        [one] { $items } item
       *[other] { $items } items
    } → the form by which /{ $command } is signed: look over which checks stand behind each item
import-code = code block ({ $language }) → nothing: no shell
import-mark-understood = understood
import-mark-guessed = guessed
import-mark-left = left
import-written = { $path }: { $checks ->
        [one] { $checks } check
       *[other] { $checks } checks
    }
import-written-off = { $path }: off (enabled = false) until you have looked it over
import-done = { $items ->
        [one] { $items } item
       *[other] { $items } items
    }, none lost; asked of a person: { $asked }. Look over what was guessed, then: signoff validate
import-host = What it says of the host, for bot.toml:
import-exists = { $path } is there already. Nothing was written.
import-exists-hint = Choose another folder with --out, or write over it with --force.
import-cannot-write = { $path } could not be written: { $cause }
import-cannot-read = { $path } could not be read: { $cause }
import-cannot-read-hint = The document must be a text file in UTF-8.
import-too-large = The document has { $size }; up to { $most } are read.
import-too-large-hint = Take the chapters with the checklist out of it into a file of their own.
import-is-html = The document is HTML, not Markdown.
import-is-html-hint = Export the page as Markdown, or turn it into Markdown with pandoc -t gfm.
import-nothing = The document has neither items (- [ ] …) nor commands.
import-nothing-hint = Write what is to be checked as “- [ ] …”, and commands into blocks that begin with ```bash.
import-open-fence = Line { $line }: the code block is never closed.
import-swallowed-fence = Line { $line }: the code block is not closed before the one of line { $next }.
import-fence-hint = Close it with a line of ``` and try again: else what follows would be read as commands.
import-file-head =
    Made by signoff import from { $source }. Look over thresholds and titles; both languages say the same until
    somebody translates one. Everything that a file may say: docs/commands.md
import-action-head =
    Made by signoff import from { $source }: commands that change something, or of which nobody knows. Off until
    somebody has looked them over, put names of [roles] in bot.toml into ask and approve, and removed the line
    enabled = false.
import-runbook-head =
    Made by signoff import from { $source }. Look over its steps, turn on the actions that it asks for, put names of [roles]
    in bot.toml into open, and remove the line enabled = false: /emergency opens it then.
import-form-head =
    The form by which it is signed, from line { $line } of the document. An item is [x] only when every check behind it
    passes.
import-step-changes = { $what } changes something.
import-step-unknown = What { $what } does is not known here.
import-step-reads = It only reads.
import-step-known = Stands for: { $text }
import-backup-file = Backup file
import-interrupts = Not said yet: write here what it interrupts, and for how long
import-no-symptom = Not said yet: write here how people notice it
