import blueprints.stack
blueprints.stack.run()
