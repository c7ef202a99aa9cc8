def test_leaves_its_answer(learner):
    program = learner.script(collect=["out.txt"])
    assert program.files.get("out.txt") == b"49"
