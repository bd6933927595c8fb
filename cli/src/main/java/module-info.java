/**
 * The command line tool.
 */
module dev.heartwood.cli {
    requires dev.heartwood.core;
    requires dev.heartwood.file;
    requires dev.heartwood.history;
    requires dev.heartwood.inspector;
    requires dev.heartwood.json;
    requires dev.heartwood.log;
    requires dev.heartwood.sqlite;
    requires info.picocli;
    requires io.vavr;
    requires java.logging;
    requires static org.jspecify;

    opens dev.heartwood.cli to
            info.picocli;
}
