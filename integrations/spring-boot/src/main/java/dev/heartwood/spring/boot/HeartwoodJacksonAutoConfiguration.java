package dev.heartwood.spring.boot;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Lets controllers return Heartwood's types as JSON. It registers the module for Jackson 3, which Spring Boot 4 uses,
 * if that is present, and the module for Jackson 2, which Spring Boot 3 uses.
 */
@AutoConfiguration
public class HeartwoodJacksonAutoConfiguration {
    /** For Spring. */
    public HeartwoodJacksonAutoConfiguration() {}

    /** Jackson 3. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "tools.jackson.databind.JacksonModule")
    public static class Jackson3 {
        /** For Spring. */
        public Jackson3() {}

        /** The module, which Spring Boot gives to each mapper. */
        @Bean
        @ConditionalOnMissingBean
        public dev.heartwood.jackson3.HeartwoodModule heartwoodJackson3Module() {
            return new dev.heartwood.jackson3.HeartwoodModule();
        }
    }

    /** Jackson 2, which is always there: Heartwood reads JSON with it. */
    @Configuration(proxyBeanMethods = false)
    public static class Jackson2 {
        /** For Spring. */
        public Jackson2() {}

        /** The module, which Spring Boot gives to each mapper. */
        @Bean
        @ConditionalOnMissingBean
        public dev.heartwood.json.HeartwoodModule heartwoodJackson2Module() {
            return new dev.heartwood.json.HeartwoodModule();
        }
    }
}
