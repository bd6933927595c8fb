package dev.heartwood.spring.boot;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** The properties {@code heartwood.*}. */
@ConfigurationProperties("heartwood")
public class HeartwoodProperties {
    /** Where a tree lives. */
    public enum Type {
        /** In memory: gone when the application ends. */
        MEMORY,
        /** In a JSON file that people can read; one process at a time has it open. */
        FILE,
        /** In a SQLite file that processes share. Needs {@code heartwood-sqlite} on the class path. */
        SQLITE,
        /** Over the bean of type {@code SharedLog}. Needs {@code heartwood-log} on the class path. */
        LOG
    }

    private Type type = Type.MEMORY;
    private @Nullable String path;
    private boolean readOnly;
    private String name = "heartwood";

    /** The properties with their defaults. */
    public HeartwoodProperties() {}

    /** Where the tree lives. Default: memory. */
    public Type getType() {
        return type;
    }

    /** Sets where the tree lives. */
    public void setType(Type type) {
        this.type = type;
    }

    /** The file, for {@link Type#FILE} and {@link Type#SQLITE}; relative to the working directory. */
    public @Nullable String getPath() {
        return path;
    }

    /** Sets the file. */
    public void setPath(@Nullable String path) {
        this.path = path;
    }

    /** Whether to open the file without changing a byte of it. Default: false. */
    public boolean isReadOnly() {
        return readOnly;
    }

    /** Sets whether to open the file without changing a byte of it. */
    public void setReadOnly(boolean readOnly) {
        this.readOnly = readOnly;
    }

    /** The tag {@code store} of the meters. Default: {@code heartwood}. */
    public String getName() {
        return name;
    }

    /** Sets the tag {@code store} of the meters. */
    public void setName(String name) {
        this.name = name;
    }
}
