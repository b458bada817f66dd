"""The `mainstay` command. One file per command in `commands/`; nothing here imports Django before a command needs it."""
