/** A program outside the project, as a user's would be. */
module consumer {
    requires dev.heartwood.file;
    requires dev.heartwood.sqlite;
}
