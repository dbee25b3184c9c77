print("sluice-load")
