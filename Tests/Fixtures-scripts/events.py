"""Writes an event file with TensorBoard's own writer.

    python3 events.py FILE          (needs tensorboard and numpy)
"""
import sys
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

with open(sys.argv[1], "wb") as file:
    writer = RecordWriter(file)

    def write(**fields):
        writer.write(event_pb2.Event(**fields).SerializeToString())

    write(wall_time=1.5, file_version="brain.Event:2")
    for step in range(3):
        value = summary_pb2.Summary.Value(tag="epoch_loss", simple_value=1 / (step + 1))
        write(wall_time=2.5 + step, step=step, summary=summary_pb2.Summary(value=[value]))
    histogram = summary_pb2.HistogramProto(
        min=-1, max=2, num=3, sum=2, sum_squares=6, bucket_limit=[0, 1.5, 3], bucket=[1, 1, 1])
    picture = summary_pb2.Summary.Image(
        height=2, width=3, colorspace=1, encoded_image_string=b"no picture")
    write(wall_time=9, step=9, summary=summary_pb2.Summary(value=[
        summary_pb2.Summary.Value(tag="weights", histo=histogram),
        summary_pb2.Summary.Value(tag="samples", image=picture)]))
