package dev.heartwood.testkit;

import dev.heartwood.Root;
import java.util.Map;

class InMemoryRootTest extends RootContract {
    @Override
    public Root create(Map<String, ?> tree) {
        return Root.inMemory(tree);
    }
}
