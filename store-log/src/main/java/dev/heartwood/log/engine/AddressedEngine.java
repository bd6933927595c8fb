package dev.heartwood.log.engine;

import dev.heartwood.log.LogEngine;
import java.util.List;

/** A {@link LogEngine} whose addresses begin with one of some texts. */
public abstract class AddressedEngine implements LogEngine {
    private final String form;
    private final List<String> beginnings;

    /**
     * For subclasses.
     *
     * @param form the form of the addresses, for messages
     * @param beginnings the beginnings of the addresses, such as {@code redis://}
     */
    protected AddressedEngine(String form, String... beginnings) {
        this.form = form;
        this.beginnings = List.of(beginnings);
    }

    @Override
    public final String form() {
        return form;
    }

    @Override
    public final boolean accepts(String server) {
        return beginnings.stream().anyMatch(server::startsWith);
    }
}
