//! Hosts: one kept connection each, by SSH or on the bot's own machine, with Docker's API riding on it.
