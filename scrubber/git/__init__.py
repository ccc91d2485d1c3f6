"""The git side: what is about to be committed or pushed, judged before it leaves."""
