package dev.heartwood.spring.boot;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** The properties {@code heartwood.*}. */
@ConfigurationProperties("heartwood")
public class HeartwoodProperties {
    /** Where a tree lives. Each but the first two needs its artifact of Heartwood on the class path. */
    public enum Type {
        /** In memory: gone when the application ends. */
        MEMORY,
        /** In a JSON file that people can read; one process at a time has it open. */
        FILE,
        /** In a SQLite file that processes share: {@code heartwood-sqlite}. */
        SQLITE,
        /** In PostgreSQL, shared by processes on several machines: {@code heartwood-postgres}. */
        POSTGRES,
        /** In etcd, shared by processes on several machines: {@code heartwood-etcd}. */
        ETCD,
        /** In Redis, shared by processes on several machines: {@code heartwood-redis}. */
        REDIS,
        /** Over the bean of type {@code SharedLog}: {@code heartwood-log}. */
        LOG
    }

    private Type type = Type.MEMORY;
    private @Nullable String path;
    private boolean readOnly;
    private @Nullable String url;
    private String tree = "heartwood";
    private @Nullable String username;
    private @Nullable String password;
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

    /**
     * The server, for {@link Type#POSTGRES} (a JDBC URL), {@link Type#ETCD} (members with commas between them) and
     * {@link Type#REDIS}.
     */
    public @Nullable String getUrl() {
        return url;
    }

    /** Sets the server. */
    public void setUrl(@Nullable String url) {
        this.url = url;
    }

    /** The name of the tree on the server. Default: {@code heartwood}. */
    public String getTree() {
        return tree;
    }

    /** Sets the name of the tree on the server. */
    public void setTree(String tree) {
        this.tree = tree;
    }

    /** The user that the server knows. Default: as the URL says. */
    public @Nullable String getUsername() {
        return username;
    }

    /** Sets the user that the server knows. */
    public void setUsername(@Nullable String username) {
        this.username = username;
    }

    /** The password of the user. Default: as the URL says. */
    public @Nullable String getPassword() {
        return password;
    }

    /** Sets the password of the user. */
    public void setPassword(@Nullable String password) {
        this.password = password;
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
