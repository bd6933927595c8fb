package dev.heartwood.spring.boot;

import dev.heartwood.Store;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Opens the {@link Store} that {@link HeartwoodProperties} describe, unless the application has a bean of that type.
 *
 * <p>Where there are beans of these types, the store is opened with them: {@code StoreOptions} (guards, the failure
 * handler), {@code JsonFileOptions}, {@code SqliteOptions}, {@code LogOptions}. Spring closes the store after all beans
 * that use it, and after the web server has finished its requests: so each commit is durable when the application ends.
 */
@AutoConfiguration
@EnableConfigurationProperties(HeartwoodProperties.class)
public class HeartwoodAutoConfiguration {
    /** For Spring. */
    public HeartwoodAutoConfiguration() {}

    /**
     * The store.
     *
     * @throws HeartwoodConfigurationException when the properties do not say enough, or a module is missing
     */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    public Store heartwoodStore(HeartwoodProperties properties, BeanFactory beans) {
        return new StoreOpening(properties, beans).open();
    }
}
