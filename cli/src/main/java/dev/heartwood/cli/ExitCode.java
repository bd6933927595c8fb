package dev.heartwood.cli;

/** How the process ends. Scripts rely on these numbers. */
final class ExitCode {
    /** Done; or the answer is yes. */
    static final int OK = 0;
    /** The answer is no: nothing stands at the path, the stores differ, or the check has found something. */
    static final int NO = 1;
    /** The command line is wrong, or a confirmation is missing. Nothing was changed. */
    static final int USAGE = 2;
    /** The store refused, or could not be read or written. Nothing was changed. */
    static final int REFUSED = 3;
    /** A commit may or may not have been made: look at the store before you repeat it. */
    static final int UNKNOWN = 4;
    /** The command did its work, but the standard output did not take all of the result. */
    static final int UNWRITTEN = 5;
    /** A fault of the tool itself. */
    static final int INTERNAL = 70;

    private ExitCode() {}
}
