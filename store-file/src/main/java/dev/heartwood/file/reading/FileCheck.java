package dev.heartwood.file.reading;

import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.LocationChecks;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.OpenErrors;
import dev.heartwood.json.TreeFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads everything that the next opening, or a repair, may need, and collects what is wrong with it. */
public final class FileCheck {
    private FileCheck() {}

    /**
     * The faults of a store, in words; changes nothing.
     *
     * @throws StoreIOException if there is no store
     * @throws IOException if reading failed
     */
    public static List<String> of(Path path, TreeFormat format) throws IOException {
        RealDisk disk = new RealDisk();
        StoreLayout place = LocationChecks.findToRead(path);
        if (disk.attributes(place.file()) == null && disk.attributes(place.directory()) == null) {
            throw new StoreIOException(place + " does not exist: there is nothing to check", null);
        }
        // What is read again, since another program was writing, is told again.
        Set<String> faults = new LinkedHashSet<>();
        StoreContext context = new StoreContext(disk, place, format, Settings.DEFAULT, into(faults));
        FileReader reader = new FileReader(context);
        try {
            FileReader.Read ignored = reader.read();
        } catch (StoreException e) {
            faults.add(String.valueOf(e.getMessage()));
        }
        reader.readGenerations();
        for (Refusal refusal : List.<Refusal>of(
                () -> requireReplaceable(context),
                () -> StoreLayout.requireFile(disk, place.lock()),
                () -> StoreLayout.requireFile(disk, place.holder()))) {
            try {
                refusal.ask();
            } catch (StoreException e) {
                faults.add(String.valueOf(e.getMessage()));
            }
        }
        return List.copyOf(faults);
    }

    /** A question of an opening that a reader does not ask; throws what is wrong. */
    private interface Refusal {
        void ask() throws IOException;
    }

    private static void requireReplaceable(StoreContext context) throws IOException {
        Disk.Attributes file = context.disk().attributes(context.place().file());
        if (file != null) {
            StoreLayout place = context.place();
            new OpenErrors(place).requirePlainFile(place.withoutOwnNames(context.disk(), file));
        }
    }

    /** How far a long reading has come is no fault. */
    static Reporter into(Set<String> faults) {
        return (kind, message, kept, cause) -> {
            if (kind != Kind.PROGRESS) {
                faults.add(message);
            }
        };
    }
}
