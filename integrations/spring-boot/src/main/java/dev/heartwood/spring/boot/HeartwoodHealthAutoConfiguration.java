package dev.heartwood.spring.boot;

import dev.heartwood.Store;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The health of the store, where Spring Boot's actuator is there: {@code management.health.heartwood.enabled}. */
@AutoConfiguration(after = HeartwoodAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnProperty(name = "management.health.heartwood.enabled", matchIfMissing = true)
public class HeartwoodHealthAutoConfiguration {
    /** For Spring. */
    public HeartwoodHealthAutoConfiguration() {}

    /** Up while the store answers, and all that it has accepted is durable. */
    @Bean
    @ConditionalOnSingleCandidate(Store.class)
    @ConditionalOnMissingBean(name = "heartwoodHealthIndicator")
    public HealthIndicator heartwoodHealthIndicator(Store store) {
        return new AbstractHealthIndicator("The store does not answer") {
            @Override
            protected void doHealthCheck(Health.Builder builder) {
                builder.up().withDetails(StoreHealth.check(store));
            }
        };
    }
}
