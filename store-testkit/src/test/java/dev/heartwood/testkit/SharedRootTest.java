package dev.heartwood.testkit;

import dev.heartwood.Root;
import io.vavr.collection.HashMap;
import java.util.Map;
import java.util.Optional;

class SharedRootTest extends RootContract {
    @Override
    public Root create(Map<String, ?> tree) {
        return new SharedRoot(new SharedStorage(HashMap.ofAll(tree)));
    }

    @Override
    public Optional<Root> join(Root root) {
        return Optional.of(new SharedRoot(((SharedRoot) root).storage()));
    }

    @Override
    public Optional<Root> reopen(Root root) {
        return join(root);
    }

    @Override
    public boolean doubtNextCommit(Root root) {
        ((SharedRoot) root).doubtNext();
        return true;
    }
}
