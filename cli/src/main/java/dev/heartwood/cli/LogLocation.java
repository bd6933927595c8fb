package dev.heartwood.cli;

import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.history.History;
import dev.heartwood.history.HistoryOptions;
import dev.heartwood.json.Decimals;
import dev.heartwood.log.LogAddress;
import dev.heartwood.log.LogStore;
import dev.heartwood.log.SharedLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A tree in a shared log, on servers of an engine. The credentials come from the environment, since any user can see a
 * command line.
 */
final class LogLocation extends StoreLocation {
    private static final String USER = "HEARTWOOD_USER";
    static final String PASSWORD = "HEARTWOOD_PASSWORD";
    private static final String AUTHORITIES = "HEARTWOOD_AUTHORITIES";

    private final LogAddress address;

    private LogLocation(LogAddress address) {
        this.address = address;
    }

    /** Whether a name of a store is an address, and not that of a file. */
    static boolean isAddress(String name) {
        return name.contains("://") || name.startsWith("jdbc:");
    }

    /** The tree at an address; it is not made where there is none. */
    static LogLocation existing(String name) {
        return new LogLocation(address(name).createIfMissing(false));
    }

    /** The tree at an address, made where there is none. */
    static LogLocation any(String name) {
        return new LogLocation(address(name));
    }

    private static LogAddress address(String name) {
        Map<String, String> environment = System.getenv();
        try {
            LogAddress address = LogAddress.parse(name);
            String user = environment.get(USER);
            if (user != null) {
                address = address.user(user, () -> environment.getOrDefault(PASSWORD, ""));
            }
            String authorities = environment.get(AUTHORITIES);
            return authorities == null ? address : address.authorities(Path.of(authorities));
        } catch (IllegalArgumentException e) {
            throw unusable(e);
        }
    }

    /** What is an option of a program is a variable of the environment here. */
    private static UsageException unusable(IllegalArgumentException e) {
        return new UsageException(String.valueOf(e.getMessage())
                .replace("options.user(name, password) sets the user", USER + " and " + PASSWORD + " set the user"));
    }

    private SharedLog connect() {
        try {
            return address.connect();
        } catch (IllegalArgumentException e) {
            throw unusable(e);
        }
    }

    @Override
    String kind() {
        return "shared log";
    }

    @Override
    String title() {
        return address.tree();
    }

    @Override
    Store open(Consumer<String> notes) {
        // The programs that own the log say when a checkpoint is due, and how much of the log stays.
        return LogStore.options().checkpointEvery(0).over(connect());
    }

    @Override
    Store openReadOnly(Decimals decimals, Consumer<String> notes) {
        return open(notes);
    }

    @Override
    Store follow(Consumer<String> notes) {
        return open(notes);
    }

    @Override
    boolean keepsCommits() {
        return true;
    }

    @Override
    History history(HistoryOptions options) {
        try (SharedLog log = connect()) {
            return options.of(LogStore.history(log));
        }
    }

    @Override
    void backup(Path target) throws IOException {
        FileLocation.any(target).make(read(Decimals.SHORTEST, note -> {}), note -> {});
    }

    @Override
    void make(Snapshot state, Consumer<String> notes) {
        try (Store store = open(notes)) {
            store.batch(tx -> {
                // Within the commit: two that make it at once do not overwrite each other.
                if (tx.size() > 0) {
                    throw new StoreIOException(
                            address + " has a state already, and nothing is overwritten: choose another name", null);
                }
                tx.set(KeyPath.root(), state.root());
            });
        }
    }

    @Override
    boolean canRestore(StoreLocation backup) {
        return true;
    }

    @Override
    String planOfRestore(StoreLocation backup) {
        return "puts the state of " + backup + " into " + address
                + " as one commit, which the programs that have it open"
                + " see like any other. The state of now is lost once the log is trimmed; heartwood backup keeps it";
    }

    @Override
    void restore(StoreLocation backup, Consumer<String> notes) {
        Snapshot state = backup.read(Decimals.SHORTEST, notes);
        try (Store store = open(notes)) {
            store.batch(tx -> tx.set(KeyPath.root(), state.root()));
        }
    }

    @Override
    List<String> check(Consumer<String> notes) {
        try (History history = history(History.options())) {
            List<Snapshot> states = history.states();
            notes.accept(address + " has " + states.get(states.size() - 1).size() + " keys at the top level, and keeps "
                    + history.entries().size() + " commits after its newest checkpoint");
            return List.of();
        } catch (StoreException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
