package dev.heartwood.log.testkit;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * A server of an engine, on a free port of this or another machine and with a temporary folder, which a test starts, kills, pauses and
 * ends. Its processes end with this one at the latest. Linux and other systems with {@code /bin/sh} only.
 */
public final class ServerProcess implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 60_000;
    /** Runs the server, and kills it when the process that holds the other end of the input has gone. */
    private static final String GUARDED = "\"$@\" & server=$!; cat > /dev/null; kill -9 $server";

    private final MachineNetwork.Machine machine;
    private final int port;
    private final Path folder;
    private final @Nullable String user;
    private final List<String> command;
    private volatile @Nullable Process guard;

    private ServerProcess(
            MachineNetwork.Machine machine, int port, Path folder, @Nullable String user, List<String> command) {
        this.machine = machine;
        this.port = port;
        this.folder = folder;
        this.user = user;
        this.command = command;
    }

    /** Makes the command that runs the server in the foreground. */
    public interface CommandLine {
        /** The program and its arguments, for a server at a port whose data are in a folder. */
        List<String> of(int port, Path folder) throws Exception;
    }

    /**
     * Starts a server, and waits until it takes connections.
     *
     * @param user the user to run it as if this process is root's; null for the same user
     */
    public static ServerProcess start(@Nullable String user, CommandLine commandLine) throws Exception {
        return start(MachineNetwork.Machine.THIS, user, commandLine);
    }

    /** The same on a machine, for the user of this process. */
    public static ServerProcess startAt(MachineNetwork.Machine machine, CommandLine commandLine) throws Exception {
        return start(machine, null, commandLine);
    }

    private static ServerProcess start(MachineNetwork.Machine machine, @Nullable String user, CommandLine commandLine)
            throws Exception {
        Path folder = Files.createTempDirectory("heartwood-server");
        String other = "root".equals(System.getProperty("user.name")) ? user : null;
        if (other != null) {
            UserPrincipal owner =
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(other);
            Files.setOwner(folder, owner);
        }
        int port = freePort();
        ServerProcess server = new ServerProcess(machine, port, folder, other, commandLine.of(port, folder));
        Runtime.getRuntime().addShutdownHook(new Thread(server::closeAtExit));
        server.start();
        return server;
    }

    /**
     * The first of these programs that is on this machine. Skips the test, with a word, if none is, or if
     * {@code -Dheartwood.servers=false} wants no servers.
     */
    public static Path program(String name, Path... places) {
        Stream<Path> path = Arrays.stream(String.valueOf(System.getenv("PATH")).split(":", -1))
                .map(folder -> Path.of(folder, name));
        Path found = Stream.concat(Arrays.stream(places), path)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        if (found == null) {
            throw skipped("the program " + name + " is not on this machine");
        } else if ("false".equals(System.getProperty("heartwood.servers"))) {
            throw skipped("-Dheartwood.servers=false");
        }
        return found;
    }

    private static TestAbortedException skipped(String reason) {
        System.out.println("SKIPPED: " + reason);
        return new TestAbortedException(reason);
    }

    /** A port of this machine that nothing listens at. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The address of the server's machine. */
    public String host() {
        return machine.address();
    }

    /** The port of the server. */
    public int port() {
        return port;
    }

    /** The folder of its data. */
    public Path folder() {
        return folder;
    }

    /** Starts the server again after {@link #kill}, with the data that it has left. */
    public void start() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        long began = 0;
        while (!isListening()) {
            Process running = guard;
            // A killed server may have left something that the next one must wait for.
            boolean hasEnded = running != null
                    && System.nanoTime() - began > TimeUnit.SECONDS.toNanos(2)
                    && running.children().count() < 2;
            if (running == null || hasEnded) {
                end();
                began = System.nanoTime();
                guard = new ProcessBuilder(guarded())
                        .directory(new File("/"))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(
                                folder.resolve("output").toFile()))
                        .start();
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the server does not start: " + output());
            }
            Thread.sleep(50);
        }
    }

    /** A condition that comes true after a while. */
    public interface Condition {
        /** Whether it is true. */
        boolean holds() throws Exception;
    }

    /** Waits until a condition of the server is true; fails with the output of the server. */
    public void awaitTrue(Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the server does not get ready: " + output());
            }
            Thread.sleep(20);
        }
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output"));
    }

    /** Runs a program as a user if this process runs as root, and returns its output. */
    public static String run(@Nullable String user, String... program) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(as(user, List.of(program)))
                // A folder that every user may be in.
                .directory(new File("/"))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(List.of(program) + " has failed: " + output);
        }
        return output;
    }

    private List<String> guarded() {
        List<String> all = new ArrayList<>(machine.prefix());
        all.addAll(List.of("/bin/sh", "-c", GUARDED, "sh"));
        all.addAll(command);
        return as(user, all);
    }

    private static List<String> as(@Nullable String user, List<String> program) {
        List<String> all = new ArrayList<>();
        if (user != null && "root".equals(System.getProperty("user.name"))) {
            all.addAll(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"));
        }
        all.addAll(program);
        return all;
    }

    private boolean isListening() {
        Process running = guard;
        if (running == null) {
            return false;
        }
        try (Socket socket = new Socket(machine.address(), port)) {
            // A port that nothing listens at may be given to this very socket, which then is connected with itself.
            return socket.getLocalPort() != port;
        } catch (IOException e) {
            return false;
        }
    }

    /** Kills all of its processes, by {@code SIGKILL}. */
    public void kill() {
        end();
    }

    /** Keeps a copy of the data of a server that was killed, as a backup. */
    public void keepData() throws IOException, InterruptedException {
        delete(kept());
        run(null, "cp", "-a", folder.toString(), kept().toString());
    }

    /** Puts back the data that were kept, in place of those of a server that was killed. */
    public void restoreData() throws IOException, InterruptedException {
        delete(folder);
        run(null, "cp", "-a", kept().toString(), folder.toString());
    }

    private Path kept() {
        return folder.resolveSibling(folder.getFileName() + "-kept");
    }

    /** Stops all of its processes, by {@code SIGSTOP}: connections stay, and nothing is answered. */
    public void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Lets them go on. */
    public void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process running = guard;
        if (running != null) {
            String ids = running.descendants()
                    .map(process -> Long.toString(process.pid()))
                    .collect(Collectors.joining(" "));
            // One of them may have ended meanwhile.
            run(null, "/bin/sh", "-c", "kill -" + name + " " + ids + " || true");
        }
    }

    private synchronized void end() {
        Process running = guard;
        guard = null;
        if (running != null) {
            List<ProcessHandle> all = Stream.concat(Stream.of(running.toHandle()), running.descendants())
                    .toList();
            all.forEach(ProcessHandle::destroyForcibly);
            all.forEach(process -> process.onExit().join());
        }
    }

    private void closeAtExit() {
        try {
            close();
        } catch (IOException e) {
            System.err.println("the folder of a server stays: " + e.getMessage());
        }
    }

    /** Ends the server, and deletes its folder. */
    @Override
    public void close() throws IOException {
        end();
        delete(folder);
        delete(kept());
    }

    private static void delete(Path top) throws IOException {
        if (Files.exists(top)) {
            List<Path> files;
            try (Stream<Path> walk = Files.walk(top)) {
                files = walk.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }
}
