package dev.heartwood.file.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** When a process was started: with it, its number names one process, though numbers are used again. */
final class ProcessStart {
    /** The start is the 20th word after the name of the process: Linux, proc_pid_stat(5). */
    private static final int START = 19;

    private ProcessStart() {}

    /**
     * In ticks since the start of the machine, which no change of the clock moves; "unknown" if the process does not run, or the machine does not
     * tell: Linux does.
     */
    static String of(long process) {
        try {
            // The name stands in parentheses. It may have some, too, and bytes that are no UTF-8.
            String all = Files.readString(Path.of("/proc/" + process + "/stat"), StandardCharsets.ISO_8859_1);
            String[] words = all.substring(all.lastIndexOf(')') + 2).split(" ", -1);
            // A zombie has ended.
            return words[0].equals("Z") || words[0].equals("X") ? "unknown" : words[START];
        } catch (IOException | RuntimeException e) {
            return "unknown";
        }
    }
}
