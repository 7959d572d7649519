"""comic-pile: `app.main` builds the application, `app.settings` says what it needs to run."""
