package dev.heartwood.spring.boot;

import dev.heartwood.Store;
import dev.heartwood.micrometer.HeartwoodMetrics;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/** The meters of the store, where Micrometer is there. */
@AutoConfiguration(after = HeartwoodAutoConfiguration.class)
@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
public class HeartwoodMetricsAutoConfiguration {
    /** For Spring. */
    public HeartwoodMetricsAutoConfiguration() {}

    /** Meters {@code heartwood.*} with the tag {@code store}: {@link HeartwoodProperties#getName}. */
    @Bean
    @ConditionalOnSingleCandidate(Store.class)
    @ConditionalOnMissingBean
    public HeartwoodMetrics heartwoodMetrics(Store store, HeartwoodProperties properties) {
        return HeartwoodMetrics.of(store, properties.getName());
    }
}
