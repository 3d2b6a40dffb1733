# Action files of commands/
action-unknown-risk = unknown risk: { $name }
action-known = known: { $names }
action-no-roles = no role is named: { $key }
action-roles-hint = name one or more of [roles] of bot.toml
action-expires = a request's life (expires) must lie between 1 min and 24 h
action-parameters = there can be at most { $most } [[parameter]]
action-parameter-twice = there already is a parameter of this id: { $id }
action-bad-parameter = a parameter's id is lower-case letters, digits and _, up to 32, and neither host nor reason: { $id }
action-no-choices = write either choices or from
action-bad-choice = this cannot be a choice: { $choice }
action-choices = there can be at most { $most } choices
action-unknown-inventory = this is nothing that a host can be asked for: { $name }
action-unknown-parameter = there is no such parameter: { $id }

# What was chosen
argument-missing = Please choose { $parameter }.
argument-unknown = This command has no { $parameter }.
argument-no-name = This cannot be { $parameter }: { $value }
argument-no-name-hint = A name has letters, digits and . _ - : / @ + only
argument-not-offered = This is not among what { $parameter } can be: { $value }
argument-none-offered = There is nothing to choose from at the moment
argument-offered = To choose from: { $names }

# [gate] of bot.toml
config-gate-approvals = the number of approvals must lie between { $least } and { $most }
config-gate-approvals-hint = for an act that takes no approval, write risk = "low" in its action file
config-gate-wait = the waiting time must lie between 30 s and 1 h: { $text }

# Naming other files
commands-unknown-action = there is no such action: { $name }
action-unknown-check = { $checklist } has no such check: { $name }
action-unknown-role = { $action }: no such role in [roles] of bot.toml: { $name }
