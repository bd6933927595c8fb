package dev.heartwood.spring.boot;

import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.StoreOptions;
import dev.heartwood.file.JsonFile;
import dev.heartwood.file.JsonFileOptions;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/** Opens the store that the properties describe, with the options that are beans. */
final class StoreOpening {
    private final HeartwoodProperties properties;
    private final BeanFactory beans;

    StoreOpening(HeartwoodProperties properties, BeanFactory beans) {
        this.properties = properties;
        this.beans = beans;
    }

    Store open() {
        try {
            return opened();
        } catch (StoreException | IllegalArgumentException e) {
            throw new HeartwoodConfigurationException(
                    "The store of heartwood.type " + type()
                            + (properties.getPath() == null ? "" : ", heartwood.path \"" + properties.getPath() + "\"")
                            + " cannot be opened: " + e.getMessage() + ".",
                    "Remove the reason that is named, and start the application again.",
                    e);
        }
    }

    private Store opened() {
        requireNoContradiction();
        return switch (properties.getType()) {
            case MEMORY -> memory();
            case FILE -> file();
            case SQLITE -> {
                require("dev.heartwood.sqlite.SqliteStore", "heartwood-sqlite");
                yield SqliteOpening.open(this, properties.isReadOnly());
            }
            case POSTGRES -> {
                require("dev.heartwood.postgres.PostgresStore", "heartwood-postgres");
                yield PostgresOpening.open(this);
            }
            case ETCD -> {
                require("dev.heartwood.etcd.EtcdStore", "heartwood-etcd");
                yield EtcdOpening.open(this);
            }
            case REDIS -> {
                require("dev.heartwood.redis.RedisStore", "heartwood-redis");
                yield RedisOpening.open(this);
            }
            case LOG -> {
                require("dev.heartwood.log.LogStore", "heartwood-log");
                yield LogOpening.open(this);
            }
        };
    }

    /** Refuses properties that this type does not heed: else commits would go elsewhere than they say. */
    private void requireNoContradiction() {
        boolean isFile = EnumSet.of(HeartwoodProperties.Type.FILE, HeartwoodProperties.Type.SQLITE)
                .contains(properties.getType());
        boolean isServer = EnumSet.of(
                        HeartwoodProperties.Type.POSTGRES,
                        HeartwoodProperties.Type.ETCD,
                        HeartwoodProperties.Type.REDIS)
                .contains(properties.getType());
        if (!isFile && StringUtils.hasText(properties.getPath())) {
            throw new HeartwoodConfigurationException(
                    "heartwood.path is \"" + properties.getPath() + "\", and heartwood.type says " + type()
                            + ", which has no file.",
                    "Set heartwood.type to file or sqlite, or remove heartwood.path.");
        }
        if (!isServer && StringUtils.hasText(properties.getUrl())) {
            throw new HeartwoodConfigurationException(
                    "heartwood.url names a server, and heartwood.type says " + type() + ".",
                    "Set heartwood.type to postgres, etcd or redis, or remove heartwood.url.");
        }
        if (!isFile && properties.isReadOnly()) {
            throw new HeartwoodConfigurationException(
                    "heartwood.read-only is true, and heartwood.type says " + type() + ", which would be written.",
                    "Set heartwood.type to file or sqlite, or remove heartwood.read-only.");
        }
    }

    private Store memory() {
        StoreOptions options = bean(StoreOptions.class);
        return (options != null ? options : Store.options()).create();
    }

    private Store file() {
        JsonFileOptions options = with(JsonFileOptions.class, JsonFile.options(), JsonFileOptions::store);
        return (properties.isReadOnly() ? options.readOnly() : options).open(path());
    }

    /** The file that the properties name. */
    Path path() {
        String path = properties.getPath();
        if (!StringUtils.hasText(path)) {
            throw new HeartwoodConfigurationException(
                    "heartwood.type is " + type() + ", and heartwood.path names no file.",
                    "Set heartwood.path, for example to " + (type().equals("file") ? "state.json" : "shared.db") + ".");
        }
        return Path.of(path);
    }

    /** The server that the properties name. */
    ServerProperties server() {
        String example = switch (properties.getType()) {
            case POSTGRES -> "jdbc:postgresql://localhost/app";
            case ETCD -> "http://localhost:2379";
            default -> "redis://localhost:6379";
        };
        return new ServerProperties(properties, type(), example);
    }

    private String type() {
        return properties.getType().name().toLowerCase(Locale.ROOT);
    }

    /** The bean with options, or the default, and within it the options of the store where they are a bean. */
    <O> O with(Class<O> type, O otherwise, Embedding<O> embedding) {
        O given = bean(type);
        O options = given != null ? given : otherwise;
        StoreOptions ofStore = bean(StoreOptions.class);
        return ofStore != null ? embedding.in(options, ofStore) : options;
    }

    /** The bean of this type; null where there is none. */
    <T> @Nullable T bean(Class<T> type) {
        return beans.getBeanProvider(type).getIfAvailable();
    }

    private void require(String className, String artifact) {
        if (!ClassUtils.isPresent(className, null)) {
            throw new HeartwoodConfigurationException(
                    "heartwood.type is " + type() + ", and " + artifact + " is not on the class path.",
                    "Add the dependency dev.heartwood:" + artifact + ".");
        }
    }

    /** Puts the options of a store into those of a root. */
    interface Embedding<O> {
        O in(O options, StoreOptions ofStore);
    }
}
