package dev.heartwood.spring.boot3;

import dev.heartwood.Store;
import dev.heartwood.spring.boot.HeartwoodAutoConfiguration;
import dev.heartwood.spring.boot.StoreHealth;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/** The health of the store, where Spring Boot's actuator is there: {@code management.health.heartwood.enabled}. */
@AutoConfiguration(after = HeartwoodAutoConfiguration.class)
@ConditionalOnClass(name = "org.springframework.boot.actuate.health.HealthIndicator")
@ConditionalOnProperty(name = "management.health.heartwood.enabled", matchIfMissing = true)
public class HeartwoodBoot3HealthAutoConfiguration {
    /** For Spring. */
    public HeartwoodBoot3HealthAutoConfiguration() {}

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
