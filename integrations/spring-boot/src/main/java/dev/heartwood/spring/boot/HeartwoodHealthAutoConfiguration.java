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
@ConditionalOnClass(name = "org.springframework.boot.health.contributor.HealthIndicator")
@ConditionalOnProperty(name = "management.health.heartwood.enabled", matchIfMissing = true)
public class HeartwoodHealthAutoConfiguration {
    /** For Spring. */
    public HeartwoodHealthAutoConfiguration() {}

    /** Up while all commits can be made durable and the store answers: {@link StoreHealth#check}. */
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
