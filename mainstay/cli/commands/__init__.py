"""One file per command; the file is called like the command. `main.Command` says what each offers."""
