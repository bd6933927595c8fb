package dev.heartwood.spring.boot3;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heartwood.Store;
import dev.heartwood.json.Json;
import dev.heartwood.spring.boot.HeartwoodAutoConfiguration;
import dev.heartwood.spring.boot.HeartwoodHealthAutoConfiguration;
import dev.heartwood.spring.boot.HeartwoodJacksonAutoConfiguration;
import dev.heartwood.spring.boot.HeartwoodMetricsAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.MetricsAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The starter on Spring Boot 3.5, with the versions that it manages. */
class SpringBoot3Test {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    HeartwoodAutoConfiguration.class,
                    HeartwoodHealthAutoConfiguration.class,
                    HeartwoodJacksonAutoConfiguration.class,
                    HeartwoodMetricsAutoConfiguration.class,
                    HeartwoodBoot3HealthAutoConfiguration.class,
                    JacksonAutoConfiguration.class,
                    MetricsAutoConfiguration.class,
                    SimpleMetricsExportAutoConfiguration.class,
                    CompositeMeterRegistryAutoConfiguration.class));

    @TempDir
    Path folder;

    @Test
    void thisIsSpringBoot3WithItsJackson() {
        assertThat(SpringBootVersion.getVersion()).startsWith("3.5.");
        assertThat(com.fasterxml.jackson.databind.cfg.PackageVersion.VERSION.toString())
                .startsWith("2.19.");
    }

    @Test
    void aFileHasHealthMetersAndJson() {
        Path file = folder.resolve("state.json");
        runner.withPropertyValues("heartwood.type=file", "heartwood.path=" + file)
                .run(context -> {
                    Store store = context.getBean(Store.class);
                    HealthIndicator health = context.getBean("heartwoodHealthIndicator", HealthIndicator.class);
                    store.put("a", Map.of("b", 0.1));

                    assertThat(health.health().getStatus()).isEqualTo(Status.UP);
                    assertThat(context.getBean(MeterRegistry.class)
                                    .get("heartwood.commits")
                                    .functionCounter()
                                    .count())
                            .isEqualTo(1);
                    assertThat(context.getBean(ObjectMapper.class).writeValueAsString(store))
                            .isEqualTo("{\"a\":{\"b\":0.1}}");
                    store.close();
                    assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
                });

        assertThat(Json.read(file)).isEqualTo(Json.read("{\"a\":{\"b\":0.1}}"));
    }

    @Test
    void theManagedSqliteIsRefusedWithThePropertyToSet() {
        runner.withPropertyValues("heartwood.type=sqlite", "heartwood.path=" + folder.resolve("shared.db"))
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("property sqlite-jdbc.version"));
        assertThat(folder).isEmptyDirectory();
    }
}
