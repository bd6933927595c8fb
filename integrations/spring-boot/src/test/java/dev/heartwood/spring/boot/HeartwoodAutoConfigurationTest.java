package dev.heartwood.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.GuardException;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreClosedException;
import dev.heartwood.StoreException;
import dev.heartwood.StoreOptions;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.etcd.EtcdOptions;
import dev.heartwood.etcd.EtcdStore;
import dev.heartwood.file.JsonFile;
import dev.heartwood.file.JsonFileOptions;
import dev.heartwood.log.InMemoryLog;
import dev.heartwood.log.LogException;
import dev.heartwood.log.LogOptions;
import dev.heartwood.log.LogStore;
import dev.heartwood.log.Reads;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.testkit.ServerProcess;
import dev.heartwood.micrometer.HeartwoodMetrics;
import dev.heartwood.postgres.PostgresOptions;
import dev.heartwood.postgres.PostgresStore;
import dev.heartwood.redis.RedisStore;
import dev.heartwood.sqlite.SqliteOptions;
import dev.heartwood.sqlite.SqliteStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

class HeartwoodAutoConfigurationTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    HeartwoodAutoConfiguration.class,
                    HeartwoodHealthAutoConfiguration.class,
                    HeartwoodJacksonAutoConfiguration.class,
                    HeartwoodMetricsAutoConfiguration.class,
                    HealthContributorAutoConfiguration.class,
                    HealthContributorRegistryAutoConfiguration.class,
                    JacksonAutoConfiguration.class,
                    MetricsAutoConfiguration.class,
                    SimpleMetricsExportAutoConfiguration.class,
                    CompositeMeterRegistryAutoConfiguration.class));

    @TempDir
    Path folder;

    @Test
    void withoutPropertiesTheTreeIsInMemory() {
        runner.run(context -> {
            Store store = context.getBean(Store.class);
            store.put("a", 1);
            assertThat(store.get("a")).isEqualTo(1L);
        });
    }

    @Test
    void aFileHasAllCommitsWhenTheApplicationHasEnded() {
        Path file = folder.resolve("state.json");
        runner.withPropertyValues("heartwood.type=file", "heartwood.path=" + file)
                .withUserConfiguration(LazyFile.class)
                .run(context -> context.getBean(Store.class).put("a", 1));

        assertThat(file).content().isEqualToIgnoringWhitespace("{\"a\":1}");
    }

    @Test
    void theStoreIsClosedWithTheApplication() {
        Store[] store = new Store[1];
        runner.run(context -> store[0] = context.getBean(Store.class));

        Assertions.assertThatThrownBy(() -> store[0].put("a", 1)).isInstanceOf(StoreClosedException.class);
    }

    @Test
    void aSqliteFileIsShared() {
        String path = "heartwood.path=" + folder.resolve("shared.db");
        runner.withPropertyValues("heartwood.type=sqlite", path)
                .run(one -> runner.withPropertyValues("heartwood.type=sqlite", path)
                        .run(two -> {
                            one.getBean(Store.class).put("a", 1);
                            assertThat(two.getBean(Store.class).get("a")).isEqualTo(1L);
                        }));
    }

    @Test
    void aLogIsTheBeanOfTheApplication() {
        runner.withPropertyValues("heartwood.type=log")
                .withBean(SharedLog.class, () -> new InMemoryLog().connect())
                .run(context -> {
                    context.getBean(Store.class).put("a", 1);
                    assertThat(context.getBean(Store.class).get("a")).isEqualTo(1L);
                });
    }

    @Test
    void aTreeOnAServerIsSharedByApplications() throws Exception {
        Path redis = ServerProcess.program("redis-server", Path.of("/usr/bin/redis-server"));
        try (ServerProcess server = ServerProcess.start(
                null,
                (port, data) -> List.of(
                        redis.toString(),
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        "" + port,
                        "--dir",
                        data.toString(),
                        "--requirepass",
                        "open sesame"))) {
            ApplicationContextRunner on = runner.withPropertyValues(
                    "heartwood.type=redis", "heartwood.url=redis://127.0.0.1:" + server.port(), "heartwood.tree=board");
            ApplicationContextRunner with = on.withPropertyValues("heartwood.password=open sesame");

            with.run(one -> with.run(two -> {
                one.getBean(Store.class).put("a", 1);
                assertThat(two.getBean(Store.class)
                                .await(view -> view.contains("a"), Duration.ofSeconds(30))
                                .get("a"))
                        .isEqualTo(1L);
            }));
            on.withPropertyValues("heartwood.password=wrong secret")
                    .run(context -> assertThat(context.getStartupFailure())
                            .hasStackTraceContaining("heartwood.type redis cannot be opened")
                            .message()
                            .doesNotContain("wrong secret", "open sesame"));
        }
    }

    @Test
    void theUserAndTheTreeOfThePropertiesAreThoseOfTheServer() throws Exception {
        Path redis = ServerProcess.program("redis-server", Path.of("/usr/bin/redis-server"));
        try (ServerProcess server = ServerProcess.start(
                null,
                (port, data) -> List.of(
                        redis.toString(),
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        "" + port,
                        "--dir",
                        data.toString(),
                        "--user",
                        "ann",
                        "on",
                        ">sesame",
                        "~*",
                        "&*",
                        "+@all"))) {
            URI address = URI.create("redis://127.0.0.1:" + server.port());
            runner.withPropertyValues(
                            "heartwood.type=redis",
                            "heartwood.url=" + address,
                            "heartwood.tree=board",
                            "heartwood.username=ann",
                            "heartwood.password=sesame")
                    .run(context -> {
                        context.getBean(Store.class).put("a", 1);
                        try (Store board =
                                RedisStore.options().user("ann", "sesame").open(address, "board")) {
                            assertThat(board.get("a")).isEqualTo(1L);
                        }
                    });
        }
    }

    @Test
    void theMembersOfAClusterAreSeparatedByCommas() {
        HeartwoodProperties properties = new HeartwoodProperties();
        properties.setUrl("http://a:1, http://b:2");

        assertThat(new ServerProperties(properties, "etcd", "").addresses())
                .containsExactly(URI.create("http://a:1"), URI.create("http://b:2"));
    }

    @Test
    void aServerThatDoesNotAnswerIsSaid() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        var deadline = LogStore.options().deadline(Duration.ofMillis(500));
        runner.withPropertyValues("heartwood.type=etcd", "heartwood.url=http://127.0.0.1:" + port)
                .withBean(EtcdOptions.class, () -> EtcdStore.options().log(deadline))
                .run(context -> assertThat(context.getStartupFailure())
                        .hasStackTraceContaining("heartwood.type etcd cannot be opened"));
        runner.withPropertyValues(
                        "heartwood.type=postgres",
                        "heartwood.url=jdbc:postgresql://127.0.0.1:" + port + "/app?password=secret")
                .withBean(PostgresOptions.class, () -> PostgresStore.options().log(deadline))
                .run(context -> assertThat(context.getStartupFailure())
                        .hasStackTraceContaining("heartwood.type postgres cannot be opened")
                        .hasMessageNotContaining("secret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "etcd", "redis"})
    void aMissingServerIsNamedWithItsProperty(String type) {
        runner.withPropertyValues("heartwood.type=" + type)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("heartwood.url names no server"));
        runner.withPropertyValues("heartwood.type=" + type, "heartwood.url=:secret@nowhere")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOfAny(HeartwoodConfigurationException.class, IllegalArgumentException.class)
                        .hasMessageNotContaining("secret"));
        runner.withPropertyValues("heartwood.type=" + type, "heartwood.url=x")
                .withClassLoader(new FilteredClassLoader("dev.heartwood." + type))
                .run(context -> assertThat(context.getStartupFailure()).hasStackTraceContaining("heartwood-" + type));
    }

    @Test
    void readOnlyChangesNoByte() throws Exception {
        Path file = Files.writeString(folder.resolve("state.json"), "{\"a\": 1}");
        runner.withPropertyValues("heartwood.type=file", "heartwood.path=" + file, "heartwood.read-only=true")
                .run(context -> {
                    assertThat(context.getBean(Store.class).get("a")).isEqualTo(1L);
                    assertThat(context.getBean("heartwoodHealthIndicator", HealthIndicator.class)
                                    .health()
                                    .getStatus())
                            .isEqualTo(Status.UP);
                });

        assertThat(file).hasContent("{\"a\": 1}");
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "file", "sqlite", "log"})
    void optionsThatAreBeansAreUsed(String type) {
        ApplicationContextRunner of = runner.withPropertyValues("heartwood.type=" + type);
        if (type.equals("log")) {
            of = of.withBean(SharedLog.class, () -> new InMemoryLog().connect());
        } else if (!type.equals("memory")) {
            of = of.withPropertyValues("heartwood.path=" + folder.resolve("state"));
        }
        of.withBean(
                        StoreOptions.class,
                        () -> Store.options()
                                .guard("positive", KeyPath.of("a"), view -> view.getOrDefault("a", Long.class, 1L) > 0))
                .run(context -> Assertions.assertThatThrownBy(
                                () -> context.getBean(Store.class).put("a", -1))
                        .isInstanceOf(GuardException.class));
    }

    @Test
    void optionsOfItsKindOfStoreThatAreABeanAreUsed() {
        runner.withPropertyValues("heartwood.type=sqlite", "heartwood.path=" + folder.resolve("shared.db"))
                .withBean(SqliteOptions.class, () -> SqliteStore.options().maxCommitBytes(10_000))
                .run(context -> Assertions.assertThatThrownBy(
                                () -> context.getBean(Store.class).put("a", "x".repeat(20_000)))
                        .isInstanceOf(UnsupportedValueException.class));
    }

    @Test
    void aStoreOfTheApplicationTakesThePlace() {
        Store own = Store.of(Map.of("own", true));
        runner.withBean("ownStore", Store.class, () -> own).run(context -> {
            assertThat(context.getBean(Store.class)).isSameAs(own);
            assertThat(context).hasSingleBean(HeartwoodMetrics.class);
        });
    }

    @Test
    void aMissingPathIsNamedWithItsProperty() {
        runner.withPropertyValues("heartwood.type=file")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(HeartwoodConfigurationException.class)
                        .hasMessageContaining("heartwood.path names no file")
                        .hasMessageContaining("for example to state.json"));
        runner.withPropertyValues("heartwood.path=state.json")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("heartwood.type says memory"));
    }

    /** The store would be another one than the property says, or be written though nobody may write it. */
    @ParameterizedTest
    @CsvSource({
        "file, heartwood.url=redis://localhost:6379",
        "sqlite, heartwood.url=redis://localhost:6379",
        "log, heartwood.url=redis://localhost:6379",
        "postgres, heartwood.path=state.json",
        "etcd, heartwood.path=state.json",
        "redis, heartwood.path=state.json",
        "log, heartwood.path=state.json",
        "memory, heartwood.read-only=true",
        "postgres, heartwood.read-only=true",
        "etcd, heartwood.read-only=true",
        "redis, heartwood.read-only=true",
        "log, heartwood.read-only=true"
    })
    void aPropertyThatTheTypeDoesNotHeedIsRefused(String type, String property) {
        runner.withPropertyValues("heartwood.type=" + type, property)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(HeartwoodConfigurationException.class)
                        .hasMessageContaining("heartwood.type says " + type)
                        .hasMessageContaining(property.substring(0, property.indexOf('='))));
    }

    /** The store would be in memory, and its commits gone with the application. */
    @Test
    void aServerWithoutItsTypeIsRefused() {
        runner.withPropertyValues("heartwood.url=redis://localhost:6379")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(HeartwoodConfigurationException.class)
                        .hasMessageContaining("heartwood.type says memory"));
    }

    @Test
    void aFileThatCannotBeOpenedIsNamedWithTheReason() throws Exception {
        Path file = Files.writeString(folder.resolve("state.json"), "{\"a\": 1,}");
        runner.withPropertyValues("heartwood.type=file", "heartwood.path=" + file)
                .run(context -> assertThat(context.getStartupFailure())
                        .hasStackTraceContaining(
                                "heartwood.type file, heartwood.path \"" + file + "\" cannot be opened")
                        .hasStackTraceContaining("line 1"));
    }

    @Test
    void aMissingLogIsSaidToBeMissing() {
        runner.withPropertyValues("heartwood.type=log")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("dev.heartwood.log.SharedLog"));
    }

    @Test
    void aFailureIsTheDescriptionAndTheActionOfSpringBoot() {
        HeartwoodConfigurationException failure = new HeartwoodConfigurationException("No path.", "Set one.");

        assertThat(new StoreFailureAnalyzer()
                        .analyze(new RuntimeException(failure))
                        .getAction())
                .isEqualTo("Set one.");
    }

    @Test
    void healthIsUpWhileTheStoreAnswersAndDownAfter() {
        runner.run(context -> {
            HealthIndicator health = context.getBean("heartwoodHealthIndicator", HealthIndicator.class);
            context.getBean(Store.class).put("a", 1);

            assertThat(health.health().getStatus()).isEqualTo(Status.UP);
            assertThat(health.health().getDetails())
                    .containsEntry("keys", 1)
                    .containsEntry("version", context.getBean(Store.class).version());
            context.getBean(Store.class).close();
            assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
        });
    }

    @Test
    void healthIsDownWhereTheFilesOfTheStoreAreMovedAway() {
        Path file = folder.resolve("state.json");
        runner.withPropertyValues("heartwood.type=file", "heartwood.path=" + file)
                .run(context -> {
                    HealthIndicator health = context.getBean("heartwoodHealthIndicator", HealthIndicator.class);
                    context.getBean(Store.class).put("a", 1);
                    assertThat(health.health().getStatus()).isEqualTo(Status.UP);

                    Files.move(folder.resolve("state.json.d"), folder.resolve("elsewhere"));

                    assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
                    Files.move(folder.resolve("elsewhere"), folder.resolve("state.json.d"));
                });
    }

    @Test
    void healthIsDownWhileTheLogDoesNotAnswer() {
        AtomicBoolean answers = new AtomicBoolean(true);
        overALogWith(LogStore.options(), answers).run(context -> {
            HealthIndicator health = context.getBean("heartwoodHealthIndicator", HealthIndicator.class);
            assertThat(health.health().getStatus()).isEqualTo(Status.UP);

            answers.set(false);

            assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
            answers.set(true);
            assertThat(health.health().getStatus()).isEqualTo(Status.UP);
        });
    }

    @Test
    void theOptionsOfALogThatAreABeanAreUsed() {
        AtomicBoolean answers = new AtomicBoolean(true);
        overALogWith(LogStore.options().reads(Reads.FRESH), answers).run(context -> {
            Store store = context.getBean(Store.class);
            assertThat(store.contains("a")).isFalse();

            answers.set(false);

            Assertions.assertThatThrownBy(() -> store.contains("a")).isInstanceOf(StoreException.class);
            answers.set(true);
        });
    }

    private ApplicationContextRunner overALogWith(LogOptions options, AtomicBoolean answers) {
        return runner.withPropertyValues("heartwood.type=log")
                .withBean(SharedLog.class, () -> logThat(answers))
                .withBean(LogOptions.class, () -> options.deadline(Duration.ofMillis(200)));
    }

    private static SharedLog logThat(AtomicBoolean answers) {
        SharedLog log = new InMemoryLog().connect();
        return (SharedLog) Proxy.newProxyInstance(
                SharedLog.class.getClassLoader(), new Class<?>[] {SharedLog.class}, (self, method, arguments) -> {
                    if (!answers.get()
                            && List.of(method.getExceptionTypes()).contains(LogException.Unavailable.class)) {
                        throw new LogException.Unavailable("the log does not answer", null);
                    }
                    return method.invoke(log, arguments);
                });
    }

    @Test
    void aReadOnlyDatabaseIsReadAndNotWritten() {
        Path file = folder.resolve("shared.db");
        try (Store store = SqliteStore.open(file)) {
            store.put("a", 1);
        }
        runner.withPropertyValues("heartwood.type=sqlite", "heartwood.path=" + file, "heartwood.read-only=true")
                .run(context -> {
                    Store store = context.getBean(Store.class);
                    assertThat(store.get("a")).isEqualTo(1L);
                    Assertions.assertThatThrownBy(() -> store.put("a", 2)).isInstanceOf(StoreException.class);
                });
    }

    @Test
    void healthCanBeTurnedOff() {
        runner.withPropertyValues("management.health.heartwood.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean("heartwoodHealthIndicator"));
    }

    @Test
    void theMetersAreInTheRegistryOfTheApplication() {
        runner.withPropertyValues("heartwood.name=board").run(context -> {
            context.getBean(Store.class).put("a", 1);

            assertThat(context.getBean(MeterRegistry.class)
                            .get("heartwood.commits")
                            .tag("store", "board")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
        });
    }

    @Test
    void theMapperOfTheApplicationWritesStores() {
        runner.withPropertyValues("spring.jackson.find-and-add-modules=false").run(context -> {
            context.getBean(Store.class).put("a", Map.of("b", 1));

            JsonMapper mapper = context.getBean(JsonMapper.class);
            assertThat(mapper.writeValueAsString(context.getBean(Store.class))).isEqualTo("{\"a\":{\"b\":1}}");
        });
    }

    @Test
    void withoutActuatorMicrometerAndJacksonThereIsAStore() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        HeartwoodAutoConfiguration.class,
                        HeartwoodHealthAutoConfiguration.class,
                        HeartwoodJacksonAutoConfiguration.class,
                        HeartwoodMetricsAutoConfiguration.class))
                .withClassLoader(
                        new FilteredClassLoader("org.springframework.boot.health", "io.micrometer", "tools.jackson"))
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(Store.class);
                    assertThat(context).doesNotHaveBean(HeartwoodMetrics.class);
                });
    }

    /** A file that is written seconds after the commit, unless it is closed before. */
    @Configuration
    static class LazyFile {
        @Bean
        JsonFileOptions options() {
            return JsonFile.options().interval(Duration.ofMinutes(1));
        }
    }
}
